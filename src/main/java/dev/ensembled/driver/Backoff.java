package dev.ensembled.driver;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait after consecutive failures, per key: doubled up to a limit, with jitter. Thread-safe. */
final class Backoff<K> {
    private static final int MAX_DOUBLINGS = 16;
    private final Duration first;
    private final Duration limit;
    private final Map<K, Integer> failures = new ConcurrentHashMap<>();

    Backoff(Duration first, Duration limit) {
        this.first = first;
        this.limit = limit;
    }

    /** Counts a failure and returns how long to wait: between half of the doubled time and all of it. */
    Duration failed(K key) {
        int before = failures.merge(key, 1, Integer::sum) - 1;
        long millis = Math.min(first.toMillis() << Math.min(before, MAX_DOUBLINGS), limit.toMillis());
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
    }

    void succeeded(K key) {
        failures.remove(key);
    }
}
