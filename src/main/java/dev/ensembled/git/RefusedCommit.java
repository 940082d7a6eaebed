package dev.ensembled.git;

import java.time.Duration;

/**
 * A commit that was too much to take. It is asked for again only after a while, in case that the server was told to allow
 * filters meanwhile, since each attempt transfers a lot.
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
