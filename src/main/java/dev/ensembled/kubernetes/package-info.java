/**
 * Ensembles on Kubernetes: observes and changes their objects, and keeps the accepted specs as custom resources. May
 * import the brain and the fabric8 client; no other room of the daemon.
 */
package dev.ensembled.kubernetes;
