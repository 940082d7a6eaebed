package dev.ensembled.fuzz;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the inputs of one fuzz target, and which of them were refused. */
public final class FuzzCount {
    private static final AtomicLong INPUTS = new AtomicLong();
    private static final AtomicLong REFUSED = new AtomicLong();

    private FuzzCount() {}

    public static void accepted() {
        INPUTS.incrementAndGet();
    }

    public static void refused() {
        INPUTS.incrementAndGet();
        REFUSED.incrementAndGet();
    }

    /** Prints the counts in the form that {@link FuzzTargetsTest} reads. */
    public static void print() {
        System.out.println("fuzz inputs=" + INPUTS + " refused=" + REFUSED);
    }
}
