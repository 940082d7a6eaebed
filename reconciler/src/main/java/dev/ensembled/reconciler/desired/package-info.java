/** What should exist for an accepted spec: membership, configuration and manifests; pure. Imports {@code spec}, {@code observed}. */
package dev.ensembled.reconciler.desired;
