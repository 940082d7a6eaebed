package dev.ensembled.reconciler.report;

/**
 * An event of an ensemble.
 *
 * @param warning whether a person should pay attention
 * @param reason one word in CamelCase, for machines, such as RestartingMember
 * @param message for people
 */
public record EnsembleEvent(boolean warning, String reason, String message) {}
