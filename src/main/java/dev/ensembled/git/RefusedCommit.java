package dev.ensembled.git;

import java.time.Duration;

/**
 * A commit that exceeded a limit. Since each attempt transfers much data, the commit is requested again only after some
 * time, in case the server allows filters by then.
 */
record RefusedCommit(String commit, SourceFailedException failure, Deadline until) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    static RefusedCommit now(String commit, SourceFailedException failure) {
        return new RefusedCommit(commit, failure, Deadline.in(PATIENCE));
    }

    boolean isStill(String newest) {
        return commit.equals(newest) && !until.passed();
    }
}
