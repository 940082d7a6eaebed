/**
 * From the files of a commit to specs and violations: {@link dev.ensembled.reconciler.spec.read.CommitReader} is the entry. Imports
 * {@code model}, {@code yaml} and {@code validation}.
 */
package dev.ensembled.reconciler.spec.read;
