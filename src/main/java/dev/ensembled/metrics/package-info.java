/**
 * What the daemon does and what it sees, as metrics: counted where a change is reported, and read from the latest results
 * otherwise. Decides nothing. docs/metrics.md lists them. Imports {@code daemon}, {@code driver}, {@code git}, {@code progress}
 * and the reconciler.
 */
package dev.ensembled.metrics;
