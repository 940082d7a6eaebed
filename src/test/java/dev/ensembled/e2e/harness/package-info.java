/** What the scenarios need around the daemon: cluster, Git, clients and witnesses; imports nothing of the daemon. */
package dev.ensembled.e2e.harness;
