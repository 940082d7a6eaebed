/** The input of the simulation: events, and histories that are generated from seeds. */
package dev.ensembled.reconciler.simulation.history;
