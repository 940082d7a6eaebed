/**
 * The rules for a spec, and what they report. Imports {@code model} and {@code yaml}; its sub-packages have the rules for the
 * pod template and for the server, and import it.
 */
package dev.ensembled.reconciler.spec.validation;
