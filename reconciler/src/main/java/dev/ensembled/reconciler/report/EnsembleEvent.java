package dev.ensembled.reconciler.report;

/**
 * Something that happened to an ensemble.
 *
 * @param warning whether a person should look
 * @param reason one word in CamelCase, for machines, such as RestartingMember
 * @param message for people
 */
public record EnsembleEvent(boolean warning, String reason, String message) {}
