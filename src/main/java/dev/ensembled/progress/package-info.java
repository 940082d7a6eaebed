/**
 * What changed in the rollout and in the health of each ensemble, derived from the results of the cycles, for the log and for
 * notifications. Decides nothing, and keeps nothing when the process ends. Imports the reconciler, {@code driver} and {@code log}.
 */
package dev.ensembled.progress;
