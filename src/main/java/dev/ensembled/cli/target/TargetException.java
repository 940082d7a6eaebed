package dev.ensembled.cli.target;

/** The ensembles cannot be read or changed; the message names the target and says what to do. */
public final class TargetException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TargetException(String message, Throwable cause) {
        super(message, cause);
    }
}
