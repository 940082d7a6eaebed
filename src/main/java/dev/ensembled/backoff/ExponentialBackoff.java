package dev.ensembled.backoff;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with jitter: the wait doubles with each failure in a row, up to a limit, and varies by 20 percent, so
 * that clients that failed together do not retry together. Thread-safe if the random generator is.
 */
public final class ExponentialBackoff {
    private static final int MAX_DOUBLINGS = 20;
    private static final double JITTER = 0.2;

    private final Duration first;
    private final Duration limit;
    private final RandomGenerator random;

    /**
     * Creates a back-off.
     *
     * @param first the wait after the first failure
     * @param limit the longest wait before jitter
     */
    public ExponentialBackoff(Duration first, Duration limit, RandomGenerator random) {
        this.first = first;
        this.limit = limit;
        this.random = random;
    }

    /** Returns the wait after a number of failures in a row, which is at least 1. */
    public Duration after(int failures) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
        return jittered(doubled.compareTo(limit) < 0 ? doubled : limit, random);
    }

    /** Returns a duration that differs from the given one by at most 20 percent. */
    public static Duration jittered(Duration mean, RandomGenerator random) {
        return Duration.ofMillis(Math.round(mean.toMillis() * random.nextDouble(1 - JITTER, 1 + JITTER)));
    }
}
