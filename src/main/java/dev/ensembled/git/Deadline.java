package dev.ensembled.git;

import java.time.Duration;

/** A point of monotonic time, so that a change of the wall clock neither cuts a fetch short nor lets it run on. */
record Deadline(Duration allowed, long endNanos) {

    static Deadline in(Duration allowed) {
        return new Deadline(allowed, System.nanoTime() + allowed.toNanos());
    }

    /** What is left; zero when it has passed. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    boolean passed() {
        return remaining().isZero();
    }
}
