/**
 * Writes what happens to ensembles to the log: one line for each change, and none while nothing changes. Imports {@code daemon},
 * {@code log} and {@code progress}.
 */
package dev.ensembled.rolloutlog;
