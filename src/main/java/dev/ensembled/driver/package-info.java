/**
 * Drives the reconcile cycle for every ensemble: a keyed queue and a bounded pool. Imports the reconciler and {@code backoff}, and no package
 * that talks to an external system.
 */
package dev.ensembled.driver;
