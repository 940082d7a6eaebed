/** What should exist for an accepted spec: membership, configuration and manifests; pure. Imports only {@code spec}. */
package dev.ensembled.reconciler.desired;
