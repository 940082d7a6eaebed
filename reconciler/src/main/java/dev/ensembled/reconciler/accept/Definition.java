package dev.ensembled.reconciler.accept;

import java.util.Objects;

/**
 * An ensemble that the files of another source of the same installation name.
 *
 * @param source the name of that source
 * @param origin its repository, directory and branch
 * @param path the file; empty if it is not known, because the document was refused
 * @param valid whether the document is valid; only a valid document competes for the ensemble
 */
public record Definition(String source, String origin, String path, boolean valid) {
    public Definition {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(path, "path");
    }

    /** The source and the file, for messages. */
    @Override
    public String toString() {
        return "source " + source + (path.isEmpty() ? "" : ", " + path) + " of " + origin;
    }
}
