package dev.ensembled.reconciler.spec;

/** One file of a commit, already bounded in size by whoever read it. The path is relative to the repository's root. */
public record SourceFile(String path, byte[] content) {}
