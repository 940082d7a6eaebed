package dev.ensembled.leadership;

import java.util.Objects;

/**
 * A hint that something outside may have changed, for the replica that leads.
 *
 * @param source the name of the source
 */
public record Hint(Kind kind, String source) {

    /** What may have changed. */
    public enum Kind {
        /** There may be a new commit. */
        FETCH,
        /** A pull request may have changed. */
        PULL_REQUESTS
    }

    public Hint {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(source, "source");
    }
}
