/** The command line: what each word does, and in which form it answers. Imports the brain, and {@code daemon} to start it. */
package dev.ensembled.cli;
