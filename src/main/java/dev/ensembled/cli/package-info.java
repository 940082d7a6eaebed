/** The command line: which words do what. Imports the brain, and {@code daemon} to start it. */
package dev.ensembled.cli;
