/** The status and events that people and tools read, derived from what was observed and decided; pure. Imports the rooms before it. */
package dev.ensembled.reconciler.report;
