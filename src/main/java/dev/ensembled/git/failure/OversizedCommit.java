package dev.ensembled.git.failure;

import dev.ensembled.git.settings.Deadline;
import dev.ensembled.git.settings.SourceFailedException;
import java.time.Duration;

/**
 * A commit that exceeded a limit. Since each attempt transfers much data, the commit is requested again only after some
 * time, in case the server allows filters by then.
 */
public record OversizedCommit(String commit, SourceFailedException failure, Deadline until) {
    private static final Duration RETRY_INTERVAL = Duration.ofMinutes(10);

    public static OversizedCommit now(String commit, SourceFailedException failure) {
        return new OversizedCommit(commit, failure, Deadline.in(RETRY_INTERVAL));
    }

    public boolean isStill(String newest) {
        return commit.equals(newest) && !until.passed();
    }
}
