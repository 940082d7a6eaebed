/**
 * A discrete-event simulation that runs the real reconcile cycle and acceptance against a model, with histories of events and
 * faults that are generated from seeds. Start reading at Simulation.
 */
package dev.ensembled.reconciler.simulation;
