/**
 * The formats in which {@code validate} prints violations: for people, scripts, and CI systems. Imports
 * the reconciler and {@code text}.
 */
package dev.ensembled.cli.violations;
