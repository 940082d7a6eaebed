/**
 * The status and the events, for people and tools, derived from the observation and the decision; pure. Imports the
 * packages before it.
 */
package dev.ensembled.reconciler.report;
