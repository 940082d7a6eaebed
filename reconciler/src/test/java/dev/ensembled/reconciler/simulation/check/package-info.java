/** The test oracle: checks of the invariants of docs/invariants.md against the true state of the model. */
package dev.ensembled.reconciler.simulation.check;
