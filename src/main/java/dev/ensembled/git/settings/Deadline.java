package dev.ensembled.git.settings;

import java.time.Duration;

/** A point in monotonic time, so that a change of the wall clock neither shortens nor extends a fetch. */
public record Deadline(Duration allowed, long endNanos) {

    public static Deadline in(Duration allowed) {
        return new Deadline(allowed, System.nanoTime() + allowed.toNanos());
    }

    /** The remaining time; zero after the deadline has passed. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    public boolean passed() {
        return remaining().isZero();
    }
}
