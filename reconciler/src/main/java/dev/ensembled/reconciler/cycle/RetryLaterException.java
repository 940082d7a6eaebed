package dev.ensembled.reconciler.cycle;

/** An external system could not be reached or prevented the call; the same call may work later. */
public class RetryLaterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RetryLaterException(String message, Throwable cause) {
        super(message, cause);
    }
}
