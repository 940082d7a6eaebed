package dev.ensembled.git;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait for the next attempt; with a jitter of 20 %, so that daemons do not ask the server at the same time. */
final class FetchBackoff {
    /** The minimum time between two fetches, however many hints arrive, and between two updates of the store. */
    static final Duration LEAST = Duration.ofSeconds(1);

    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(2);
    private static final double JITTER = 0.2;

    private final Duration interval;
    private final RandomGenerator random;

    FetchBackoff(Duration interval, RandomGenerator random) {
        this.interval = interval;
        this.random = random;
    }

    Duration afterSuccess() {
        return jittered(interval);
    }

    /** Doubles with each failure in a row, up to the interval or five minutes, whichever is shorter. */
    Duration afterFailures(int inARow) {
        Duration cap = shorter(interval, LONGEST_BACKOFF);
        Duration doubled = FIRST_BACKOFF.multipliedBy(1L << Math.min(inARow - 1, 20));
        return jittered(shorter(cap, doubled));
    }

    /** An upper bound of every wait. */
    Duration longest() {
        return interval.plus(interval.dividedBy(2));
    }

    private Duration jittered(Duration mean) {
        double factor = random.nextDouble(1 - JITTER, 1 + JITTER);
        return Duration.ofMillis(Math.round(mean.toMillis() * factor));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
