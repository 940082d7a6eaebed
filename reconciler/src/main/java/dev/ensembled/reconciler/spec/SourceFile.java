package dev.ensembled.reconciler.spec;

import java.util.Optional;

/**
 * One file of a commit.
 *
 * @param path relative to the repository's root
 * @param text its content; empty if it was refused
 * @param refusal why whoever read it does not hand its content over (too large, a symlink, not UTF-8) and what to do;
 *     becomes a violation of the whole file
 */
public record SourceFile(String path, String text, Optional<String> refusal) {
    public static SourceFile of(String path, String text) {
        return new SourceFile(path, text, Optional.empty());
    }
}
