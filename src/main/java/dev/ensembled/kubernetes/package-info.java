/**
 * Ensembles on Kubernetes: observes and changes their objects, and keeps the accepted specs as custom resources. May import
 * the reconciler and the fabric8 client, and no other package of the daemon.
 */
package dev.ensembled.kubernetes;
