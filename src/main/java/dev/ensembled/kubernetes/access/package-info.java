/** Access to the API by the rights that Kubernetes knows. Imports {@code access} and {@code kubernetes.client}. */
package dev.ensembled.kubernetes.access;
