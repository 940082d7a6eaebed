package dev.ensembled.reconciler.cycle;

/** An outside world could not be reached or was in the way; the same thing may work later. */
public final class RetryLaterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RetryLaterException(String message, Throwable cause) {
        super(message, cause);
    }
}
