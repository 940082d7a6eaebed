package dev.ensembled.git.failure;

import java.io.IOException;

/** The transfer exceeds, or would exceed, a limit of this process; thrown before the memory or the disk space is used. */
public final class LimitExceededException extends IOException {
    private static final long serialVersionUID = 1;

    public LimitExceededException(String what) {
        super(what);
    }
}
