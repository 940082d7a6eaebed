/**
 * End-to-end scenarios on a real cluster; their evidence comes from the API and the servers only. Imports {@code
 * e2e.harness}.
 */
package dev.ensembled.e2e;
