package dev.ensembled.reconciler.cycle;

/**
 * What a write is based on was changed by another writer, and nothing was written: observe and decide again. One of them is
 * no failure.
 */
public final class ChangedMeanwhileException extends RetryLaterException {
    private static final long serialVersionUID = 1;

    public ChangedMeanwhileException(String message, Throwable cause) {
        super(message, cause);
    }
}
