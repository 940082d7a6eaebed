package dev.ensembled.git;

import java.time.Duration;

/** A point in monotonic time, so that a change of the wall clock neither shortens nor extends a fetch. */
record Deadline(Duration allowed, long endNanos) {

    static Deadline in(Duration allowed) {
        return new Deadline(allowed, System.nanoTime() + allowed.toNanos());
    }

    /** The remaining time; zero after the deadline has passed. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    boolean passed() {
        return remaining().isZero();
    }
}
