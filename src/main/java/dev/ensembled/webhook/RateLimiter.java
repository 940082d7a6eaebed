package dev.ensembled.webhook;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** One {@link TokenBucket} for each key, for the keys that were used last. Thread-safe. */
final class RateLimiter {
    /** Bounds the memory, however many addresses send requests. */
    private static final int MOST_KEYS = 1_024;

    private final Limits.Rate rate;
    private final LongSupplier nanoTime;
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
            return size() > MOST_KEYS;
        }
    };

    RateLimiter(Limits.Rate rate, LongSupplier nanoTime) {
        this.rate = rate;
        this.nanoTime = nanoTime;
    }

    /** Takes a token of this key; returns how long to wait for one if there is none, and otherwise zero. */
    synchronized Duration take(String key) {
        long now = nanoTime.getAsLong();
        return buckets.computeIfAbsent(key, absent -> new TokenBucket(rate, now))
                .take(now);
    }
}
