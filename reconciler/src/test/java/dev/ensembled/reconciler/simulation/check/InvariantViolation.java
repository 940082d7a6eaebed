package dev.ensembled.reconciler.simulation.check;

/** An invariant does not hold. */
public final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvariantViolation(String property) {
        super(property, null, false, false);
    }
}
