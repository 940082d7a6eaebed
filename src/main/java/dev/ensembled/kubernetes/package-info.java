/**
 * Ensembles on Kubernetes: {@link dev.ensembled.kubernetes.KubernetesPlatform} observes their objects ({@code observe}) and
 * changes them ({@code act}); {@code store} keeps the accepted specs as custom resources. May import the reconciler and the
 * fabric8 client, and no other package of the daemon.
 */
package dev.ensembled.kubernetes;
