package dev.ensembled.git.failure;

import java.io.IOException;
import java.util.Optional;

/** The transfer exceeds, or would exceed, a limit of this process; thrown before the memory or the disk space is used. */
public final class LimitExceededException extends IOException {
    private static final long serialVersionUID = 1;

    public LimitExceededException(String what) {
        super(what);
    }

    /** Whether a failure, or one of its causes, is an exceeded limit. */
    public static boolean isCauseOf(Throwable failure) {
        return in(failure).isPresent();
    }

    /** Finds the exceeded limit among a failure and its causes. */
    public static Optional<LimitExceededException> in(Throwable failure) {
        return Diagnosis.cause(failure, LimitExceededException.class);
    }
}
