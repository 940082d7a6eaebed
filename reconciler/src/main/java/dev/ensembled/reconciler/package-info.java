/**
 * Decides what to do next for an ensemble, and never does any I/O. Each package below it is one stage in the processing
 * of a commit. May import the JDK, Jackson and the fabric8 model.
 */
package dev.ensembled.reconciler;
