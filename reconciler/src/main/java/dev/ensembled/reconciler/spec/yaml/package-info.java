/**
 * Turns text into bounded trees with the location of each value; knows YAML and nothing about ensembles. Imports no other
 * package of the reconciler.
 */
package dev.ensembled.reconciler.spec.yaml;
