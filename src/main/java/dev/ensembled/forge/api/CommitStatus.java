package dev.ensembled.forge.api;

import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.Objects;

/**
 * A status of a commit.
 *
 * @param context its name among the statuses of the commit, such as {@code ensembled/plan}
 * @param description one line for people, of at most {@link #MAX_DESCRIPTION} characters
 */
public record CommitStatus(String context, State state, String description) {
    /** GitHub refuses a longer description. */
    public static final int MAX_DESCRIPTION = 140;

    /** The states that all forges have, under these or similar names. */
    public enum State {
        PENDING,
        SUCCESS,
        FAILURE,
        /** No result is expected any more, since a later commit has taken the place of this one. */
        CANCELED
    }

    public CommitStatus {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(state, "state");
        String line = SafeText.of(description);
        description = line.length() <= MAX_DESCRIPTION ? line : line.substring(0, MAX_DESCRIPTION - 1) + "…";
    }
}
