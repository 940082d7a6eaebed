/**
 * The gates, the order of restarts and the choice of the next safe step; pure. Imports {@code desired},
 * {@code observed}, {@code plan}.
 */
package dev.ensembled.reconciler.rollout;
