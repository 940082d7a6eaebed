package dev.ensembled.local;

/**
 * What was applied last for an ensemble: its servers are started from this, also by the next daemon.
 *
 * @param ended whether the ensemble was removed: then nothing is started, and its data stays
 */
record Applied(Target target, boolean ended) {}
