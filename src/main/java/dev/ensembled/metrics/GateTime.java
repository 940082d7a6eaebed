package dev.ensembled.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long one gate of one ensemble has been closed. Thread-safe. */
final class GateTime {
    private static final double MILLIS = 1000;

    private final Clock clock;
    private Duration before = Duration.ZERO;
    private Optional<Instant> closedSince = Optional.empty();
    private boolean stalled;

    GateTime(Clock clock) {
        this.clock = clock;
    }

    synchronized void close(boolean needsPerson) {
        closedSince = closedSince.or(() -> Optional.of(clock.instant()));
        stalled = needsPerson;
    }

    synchronized void open() {
        before = total();
        closedSince = Optional.empty();
        stalled = false;
    }

    /** Seconds for which it has been closed, all times together. */
    synchronized double seconds() {
        return total().toMillis() / MILLIS;
    }

    synchronized boolean isClosed() {
        return closedSince.isPresent();
    }

    /** Whether it is closed, and a person must act. */
    synchronized boolean isStalled() {
        return stalled;
    }

    private Duration total() {
        return closedSince
                .map(since -> before.plus(Duration.between(since, clock.instant())))
                .orElse(before);
    }
}
