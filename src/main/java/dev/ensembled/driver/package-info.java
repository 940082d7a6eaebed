/**
 * Drives the reconcile cycle for every ensemble: a keyed queue and a bounded pool. Imports the brain, and no outside world.
 */
package dev.ensembled.driver;
