/**
 * One reconcile cycle of one ensemble, over interfaces that platforms implement. Imports the other packages of the
 * reconciler.
 */
package dev.ensembled.reconciler.cycle;
