/** The rules for {@code spec.podTemplate} and for the resources of its containers. */
package dev.ensembled.reconciler.spec.validation.pod;
