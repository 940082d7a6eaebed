package dev.ensembled.git.settings;

import java.util.Objects;

/**
 * The source could not be read; the accepted specs do not change until it can. The message says what happened, and
 * {@link #toDo()} what a person can do about it. Both pass {@link Redaction}, contain no secret and have one line. The cause
 * does not pass it, and must not be shown.
 */
public final class SourceFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String toDo;

    public SourceFailedException(String what, String toDo, Throwable cause) {
        super(DisplayText.sentences(what), cause);
        this.toDo = DisplayText.sentences(Objects.requireNonNull(toDo, "toDo"));
    }

    public SourceFailedException(String what, String toDo) {
        this(what, toDo, null);
    }

    public String toDo() {
        return toDo;
    }
}
