package dev.ensembled.reconciler.spec.yaml;

/** A location in a file; both numbers count from 1. */
public record Location(int line, int column) {
    /** The beginning of a file. */
    public static final Location START = new Location(1, 1);
}
