/** Mutations: each switches off one rule of the code under test, which the oracle must detect. */
package dev.ensembled.reconciler.simulation.mutation;
