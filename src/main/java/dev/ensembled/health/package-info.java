/**
 * The health endpoints at {@code /q/health}, for probes and people. Imports {@code daemon}, the types of {@code driver} and
 * {@code git} that it displays, and the reconciler.
 */
package dev.ensembled.health;
