/** The command line: what runs without the daemon. Imports the brain's {@code spec} and picocli, never Quarkus. */
package dev.ensembled.cli;
