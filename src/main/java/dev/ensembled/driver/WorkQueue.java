package dev.ensembled.driver;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keys that are due at a certain time. A key is handed to one worker at a time: if it is added while a worker has it, it
 * becomes due again after {@link #done}. If a key is added with several times, the earliest one counts. Thread-safe.
 *
 * @param <K> a type with equals and hashCode
 */
final class WorkQueue<K> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LongSupplier nanos;
    private final Map<K, Long> due = new HashMap<>();
    private final PriorityQueue<Entry<K>> order = new PriorityQueue<>();
    private final Set<K> busy = new HashSet<>();

    WorkQueue(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A time at which a key was due when it was added; obsolete as soon as {@link #due} has another time for the key. */
    private record Entry<K>(K key, long at) implements Comparable<Entry<K>> {
        @Override
        public int compareTo(Entry<K> other) {
            return Long.compare(at - other.at, 0);
        }
    }

    /** Makes a key due after a delay, unless it is due earlier. */
    void add(K key, Duration after) {
        long at = nanos.getAsLong() + after.toNanos();
        lock.lock();
        try {
            Long before = due.get(key);
            if (before == null || at - before < 0) {
                due.put(key, at);
                order.add(new Entry<>(key, at));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes a key due now, unless it is already scheduled, for example after a failure, or a worker has it. */
    void addUnlessPending(K key) {
        lock.lock();
        try {
            if (!due.containsKey(key) && !busy.contains(key)) {
                add(key, Duration.ZERO);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a key that is due and that no worker has.
     *
     * @return empty if no key became due within this time
     */
    Optional<K> take(Duration atMost) throws InterruptedException {
        long until = nanos.getAsLong() + atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                long now = nanos.getAsLong();
                Optional<K> key = pollDue(now);
                if (key.isPresent() || until - now <= 0) {
                    return key;
                }
                long next = order.isEmpty() ? until : Math.min(order.peek().at() - now, until - now) + now;
                changed.await(Math.max(next - now, 1), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The keys that are due and wait for a worker.
     *
     * @param keys how many there are
     * @param oldest how long the first of them has been due; zero if there is none
     */
    record Waiting(int keys, Duration oldest) {}

    /** Returns how much work waits for a worker. */
    Waiting waiting() {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            long[] late = due.values().stream()
                    .mapToLong(at -> now - at)
                    .filter(nanosLate -> nanosLate >= 0)
                    .toArray();
            return new Waiting(
                    late.length, Duration.ofNanos(Arrays.stream(late).max().orElse(0)));
        } finally {
            lock.unlock();
        }
    }

    private Optional<K> pollDue(long now) {
        while (!order.isEmpty() && order.peek().at() - now <= 0) {
            Entry<K> entry = order.poll();
            Long at = due.get(entry.key());
            boolean current = at != null && at == entry.at();
            if (current && !busy.contains(entry.key())) {
                due.remove(entry.key());
                busy.add(entry.key());
                return Optional.of(entry.key());
            }
        }
        return Optional.empty();
    }

    /** Ends the work on a key that was taken. */
    void done(K key) {
        lock.lock();
        try {
            busy.remove(key);
            Long at = due.get(key);
            if (at != null) { // its entry may have been skipped while a worker had the key
                order.add(new Entry<>(key, at));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
