package dev.ensembled.forge.api;

import dev.ensembled.git.settings.DisplayText;
import java.time.Duration;
import java.util.Optional;

/**
 * A request to the forge failed. The message says what happened, and {@link #toDo} what a person can do. Both contain no
 * secret and have one line.
 */
public final class ForgeFailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** Whether the same request may succeed later. */
    public enum Kind {
        /** The forge cannot be reached, is overloaded, or has a failure of its own. */
        TRANSIENT,
        /** The credentials are refused: it may succeed when they are replaced. */
        CREDENTIALS,
        /** The forge refuses the content of this request; other requests may succeed. */
        REQUEST
    }

    private final Kind kind;
    private final String toDo;
    private final transient Optional<Duration> retryAfter;

    public ForgeFailedException(Kind kind, String what, String toDo, Optional<Duration> retryAfter, Throwable cause) {
        super(DisplayText.sentences(what), cause);
        this.kind = kind;
        this.toDo = DisplayText.sentences(toDo);
        this.retryAfter = retryAfter;
    }

    public ForgeFailedException(Kind kind, String what, String toDo) {
        this(kind, what, toDo, Optional.empty(), null);
    }

    public Kind kind() {
        return kind;
    }

    public String toDo() {
        return toDo;
    }

    /** How long the forge asks clients to wait before the next request. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
