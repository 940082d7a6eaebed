package dev.ensembled.local.file;

import java.io.IOException;
import java.nio.file.Path;

/** A file exists and does not contain a valid value. It is left unchanged; the message says what to do. */
public final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1;

    public UnreadableFileException(Path file, String reason, String remedy, Throwable cause) {
        super(file + " cannot be read: " + reason + ". " + remedy, cause);
    }
}
