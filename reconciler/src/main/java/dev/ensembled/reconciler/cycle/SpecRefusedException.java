package dev.ensembled.reconciler.cycle;

/** The store refuses a spec for good, such as one that may not follow upon the spec that it has; its message says why. */
public final class SpecRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SpecRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
