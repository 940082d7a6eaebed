/**
 * The command line: what each subcommand does, and the format of its output. Imports the reconciler, and {@code daemon} to
 * start it.
 */
package dev.ensembled.cli;
