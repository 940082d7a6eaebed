/** One reconcile cycle of one ensemble, over ports that platforms implement. Imports the other rooms of the brain. */
package dev.ensembled.reconciler.cycle;
