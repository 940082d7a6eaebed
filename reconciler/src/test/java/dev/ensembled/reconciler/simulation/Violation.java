package dev.ensembled.reconciler.simulation;

/** A property does not hold. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String property) {
        super(property, null, false, false);
    }
}
