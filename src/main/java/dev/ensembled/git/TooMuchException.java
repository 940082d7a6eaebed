package dev.ensembled.git;

import java.io.IOException;

/** The repository sent, or would send, more than this process can take; thrown before it takes the memory or the disk. */
final class TooMuchException extends IOException {
    private static final long serialVersionUID = 1;

    TooMuchException(String what) {
        super(what);
    }
}
