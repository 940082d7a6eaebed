/**
 * The rollout, run forward over a model of its own steps: what would happen, to which server and in which order. Imports
 * {@code cycle} and everything before it.
 */
package dev.ensembled.reconciler.forecast;
