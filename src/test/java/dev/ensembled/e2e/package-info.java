/** The scenarios on a real cluster, with evidence from the API and the servers only; imports {@code e2e.harness}. */
package dev.ensembled.e2e;
