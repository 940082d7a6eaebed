/**
 * The difference between desired and observed state, as ordered data with reasons; pure. Imports {@code desired},
 * {@code observed}.
 */
package dev.ensembled.reconciler.plan;
