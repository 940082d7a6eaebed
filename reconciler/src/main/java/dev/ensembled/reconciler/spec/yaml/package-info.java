/** Text to located, bounded trees: knows YAML and nothing of ensembles. Imports no other room of the brain. */
package dev.ensembled.reconciler.spec.yaml;
