/**
 * Computes what should exist for an accepted spec: membership, configuration and manifests, without side effects.
 * Imports {@code spec} and {@code observed}.
 */
package dev.ensembled.reconciler.desired;
