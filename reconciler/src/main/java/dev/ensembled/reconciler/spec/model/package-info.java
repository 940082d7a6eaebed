/** The custom resource: spec, status and the values in them. Imports no other package of the reconciler. */
package dev.ensembled.reconciler.spec.model;
