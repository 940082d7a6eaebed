/**
 * The live view of ensembles in a terminal. Imports {@code daemon}, the types of {@code driver} and {@code git} that it
 * displays, and the reconciler.
 */
package dev.ensembled.terminal;
