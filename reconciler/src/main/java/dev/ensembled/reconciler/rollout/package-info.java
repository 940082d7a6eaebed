/** The gates, the order and the one next safe step; pure. Imports {@code desired}, {@code observed}, {@code plan}. */
package dev.ensembled.reconciler.rollout;
