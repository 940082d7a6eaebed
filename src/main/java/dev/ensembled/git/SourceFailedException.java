package dev.ensembled.git;

import java.util.Objects;

/**
 * The source could not be read; nothing changes until it can. The message says what happened, and {@link #toDo()} what a
 * person may do about it. Neither contains a secret, nor more than one line: both pass {@link Redaction}. Its cause does not,
 * and is not to be shown.
 */
public final class SourceFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String toDo;

    public SourceFailedException(String what, String toDo, Throwable cause) {
        super(Diagnosis.fitToShow(what), cause);
        this.toDo = Diagnosis.fitToShow(Objects.requireNonNull(toDo, "toDo"));
    }

    public SourceFailedException(String what, String toDo) {
        this(what, toDo, null);
    }

    public String toDo() {
        return toDo;
    }
}
