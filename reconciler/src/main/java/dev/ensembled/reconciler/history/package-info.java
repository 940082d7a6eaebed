/**
 * The rollout history of an ensemble: commit by commit, which steps were taken and what held them, within fixed limits; and
 * what restarts took before. Pure. Imports {@code rollout} and the packages before it; no decision depends on a history.
 */
package dev.ensembled.reconciler.history;
