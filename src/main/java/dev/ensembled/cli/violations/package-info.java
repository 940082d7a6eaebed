/** The formats in which {@code validate} prints violations: for people, scripts, and CI systems. Imports the reconciler. */
package dev.ensembled.cli.violations;
