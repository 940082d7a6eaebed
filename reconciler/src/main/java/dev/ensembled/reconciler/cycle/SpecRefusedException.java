package dev.ensembled.reconciler.cycle;

/**
 * The store refuses a spec permanently, for example because it may not follow the stored one; its message contains the
 * reason.
 */
public final class SpecRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SpecRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
