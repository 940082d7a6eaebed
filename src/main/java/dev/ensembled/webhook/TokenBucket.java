package dev.ensembled.webhook;

import java.time.Duration;

/**
 * Limits a rate: a bucket of tokens that are taken by requests and come back one by one. A library would bring more code and
 * settings than these lines. Not thread-safe.
 */
final class TokenBucket {
    private final Limits.Rate rate;
    private long fullAt;

    /**
     * Creates a full bucket.
     *
     * @param now in nanoseconds of any clock that does not go back
     */
    TokenBucket(Limits.Rate rate, long now) {
        this.rate = rate;
        this.fullAt = now;
    }

    /** Takes a token; returns how long to wait for one if there is none, and otherwise zero. */
    Duration take(long now) {
        long interval = rate.interval().toNanos();
        long full = Math.max(0, fullAt - now) + interval;
        long excess = full - interval * rate.burst();
        if (excess > 0) {
            return Duration.ofNanos(excess);
        }
        fullAt = now + full;
        return Duration.ZERO;
    }
}
