/**
 * The brain: decides what to do next for an ensemble, and never does any I/O. Each room below it is one step on the way
 * of a commit. May import the JDK, Jackson and the fabric8 model.
 */
package dev.ensembled.reconciler;
