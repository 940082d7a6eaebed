package dev.ensembled.git;

import dev.ensembled.backoff.ExponentialBackoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides what the source does next, and when. Hints may come from any thread and are merged: however many arrive, one fetch
 * or one update of the store follows. A hint that arrives during a fetch leads to another fetch, since the current fetch may
 * have asked the server too early. All other methods are for the source's own thread.
 */
final class FetchScheduler {
    enum Task {
        FETCH,
        ACCEPT,
        END
    }

    private static final long SLICE_MILLIS = 1_000;
    /** The minimum time between two fetches, however many hints arrive, and between two updates of the store. */
    private static final Duration MINIMUM_GAP = Duration.ofSeconds(1);

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(2);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    private final Clock clock;
    private final Duration interval;
    private final RandomGenerator random;
    private final ExponentialBackoff backoff;
    private Instant fetchAt = Instant.MIN;
    private Instant acceptAt = Instant.MAX;
    private Instant fetchNotBefore = Instant.MIN;
    private Instant acceptNotBefore = Instant.MIN;
    private int fetchFailures;
    private int acceptFailures;
    private boolean ended;

    /**
     * Creates a scheduler whose first fetch is due at once.
     *
     * @param interval the time between two fetches, and the longest wait after failures unless it exceeds five minutes
     */
    FetchScheduler(Clock clock, Duration interval, RandomGenerator random) {
        this.clock = clock;
        this.interval = interval;
        this.random = random;
        Duration limit = interval.compareTo(LONGEST_BACKOFF) < 0 ? interval : LONGEST_BACKOFF;
        this.backoff = new ExponentialBackoff(FIRST_BACKOFF, limit, random);
    }

    synchronized void hintFetch() {
        fetchAt = Instant.MIN;
        notifyAll();
    }

    synchronized void hintAccept() {
        acceptAt = Instant.MIN;
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits for the next task, and calls {@code heartbeat} about every second while it waits. */
    synchronized Task await(Runnable heartbeat) throws InterruptedException {
        while (true) {
            heartbeat.run();
            Optional<Task> task = due(clock.instant());
            if (task.isPresent()) {
                return task.get();
            }
            wait(Math.min(SLICE_MILLIS, untilNext()));
        }
    }

    /** An update of the store goes first: it is quick, and must not wait for a Git server that hangs. */
    synchronized Optional<Task> due(Instant now) {
        if (ended) {
            return Optional.of(Task.END);
        }
        if (reached(acceptAt, acceptNotBefore, now)) {
            return Optional.of(Task.ACCEPT);
        }
        return reached(fetchAt, fetchNotBefore, now) ? Optional.of(Task.FETCH) : Optional.empty();
    }

    synchronized void fetchStarted() {
        fetchNotBefore = clock.instant().plus(MINIMUM_GAP);
        fetchAt = Instant.MAX;
    }

    synchronized void fetchEnded(boolean successful) {
        fetchFailures = successful ? 0 : fetchFailures + 1;
        Duration wait = successful ? ExponentialBackoff.jittered(interval, random) : backoff.after(fetchFailures);
        fetchAt = earlier(fetchAt, clock.instant().plus(wait));
    }

    synchronized void acceptStarted() {
        acceptNotBefore = clock.instant().plus(MINIMUM_GAP);
        acceptAt = Instant.MAX;
    }

    synchronized void acceptEnded(boolean successful) {
        acceptFailures = successful ? 0 : acceptFailures + 1;
        if (!successful) {
            acceptAt = earlier(acceptAt, clock.instant().plus(backoff.after(acceptFailures)));
        }
    }

    /** A clock that was set back must not delay a task by more than the longest wait. */
    private boolean reached(Instant at, Instant notBefore, Instant now) {
        if (at.equals(Instant.MAX)) {
            return false;
        }
        boolean clockSetBack = at.isAfter(now.plus(longestWait())) || notBefore.isAfter(now.plus(MINIMUM_GAP));
        return clockSetBack || !(at.isAfter(now) || notBefore.isAfter(now));
    }

    /** An upper bound of every wait, jitter included. */
    private Duration longestWait() {
        return interval.plus(interval.dividedBy(2));
    }

    private long untilNext() {
        Instant now = clock.instant();
        Instant next = earlier(later(fetchAt, fetchNotBefore), later(acceptAt, acceptNotBefore));
        return next.isAfter(now.plusMillis(SLICE_MILLIS))
                ? SLICE_MILLIS
                : Math.max(1, now.until(next, ChronoUnit.MILLIS));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
