/** The model of an ensemble and its surroundings: servers, pods, volumes, API server, repository, and their faults. */
package dev.ensembled.reconciler.simulation.model;
