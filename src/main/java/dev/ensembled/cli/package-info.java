/**
 * The command line: what each subcommand does, and the format of its output. Its layers are {@code text}, {@code target},
 * {@code view} and {@code violations}. Imports the reconciler and
 * {@code summary}; {@code daemon} to start it; {@code kubernetes} and
 * {@code local} where the ensembles are.
 */
package dev.ensembled.cli;
