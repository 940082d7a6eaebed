package dev.ensembled.leadership;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The decisions of an election by a lease. In each turn:
 *
 * <ol>
 *   <li>read the lease;
 *   <li>if this replica leads and the lease says so: renew it;
 *   <li>if this replica leads and the lease does not say so: it has lost the lease;
 *   <li>if it was released, is of this very replica before its restart, or was seen unchanged for its whole duration: take it
 *       over;
 *   <li>otherwise follow.
 * </ol>
 *
 * <p>The time for which a lease is unchanged is measured by the monotonic clock of this process, never by comparing the times
 * of two machines. The leader may act for a limited time after the begin of its last successful renewal, by the monotonic clock
 * and by the wall clock: the first stands still while a machine is suspended, the second may be set. Thread-safe.
 */
public final class LeaseElection implements Fence {

    private final LeaseStore store;
    private final String identity;
    private final LeaseTimes times;
    private final LongSupplier nanos;
    private final Clock clock;
    private Optional<Seen> seen = Optional.empty();
    private volatile Optional<Term> term = Optional.empty();
    private volatile Optional<String> leader = Optional.empty();
    private volatile boolean lost;
    private volatile boolean stopped;

    /** A lease of another replica, and when it was first seen in this state. */
    private record Seen(LeaseRecord record, long since) {}

    /** The term in which this replica leads. */
    private record Term(int transitions, long renewedNanos, Instant renewedAt) {}

    /**
     * Creates an election in which this replica follows.
     *
     * @param identity of this replica; another process may have the same one only when this process has certainly ended
     * @param nanos the monotonic clock
     */
    public LeaseElection(LeaseStore store, String identity, LeaseTimes times, LongSupplier nanos, Clock clock) {
        this.store = store;
        this.identity = identity;
        this.times = times;
        this.nanos = nanos;
        this.clock = clock;
    }

    /**
     * Takes one turn.
     *
     * @return the lease as it is now; empty if it does not exist, or another replica changed it at the same time
     * @throws IOException if the lease cannot be read or written; the next turn tries again
     */
    public synchronized Optional<LeaseRecord> turn() throws IOException {
        if (lost || stopped) {
            return Optional.empty();
        }
        Optional<LeaseRecord> read = store.read();
        if (read.isEmpty()) {
            return read;
        }
        LeaseRecord record = read.get();
        leader = record.holder();
        if (term.isPresent()) {
            boolean ours = record.isHeldBy(identity)
                    && record.transitions() == term.get().transitions();
            lost = !ours;
            return ours ? write(record.renewedAt(clock.instant())) : read;
        }
        return isFree(record) ? write(record.acquiredBy(identity, times.duration(), clock.instant())) : read;
    }

    private boolean isFree(LeaseRecord record) {
        if (record.holder().isEmpty() || record.isHeldBy(identity)) {
            return true;
        }
        long now = nanos.getAsLong();
        if (seen.filter(last -> last.record().sameTermAs(record)).isEmpty()) {
            seen = Optional.of(new Seen(record, now));
        }
        Duration wait = record.duration().compareTo(times.duration()) > 0 ? record.duration() : times.duration();
        return now - seen.orElseThrow().since() >= wait.toNanos();
    }

    /** The term counts from before the request: the lease may be written at any time until its answer. */
    private Optional<LeaseRecord> write(LeaseRecord record) throws IOException {
        long began = nanos.getAsLong();
        Instant beganAt = clock.instant();
        Optional<LeaseRecord> written = store.replace(record);
        if (written.isPresent()) {
            term = Optional.of(new Term(record.transitions(), began, beganAt));
            leader = record.holder();
        }
        return written;
    }

    @Override
    public Optional<String> refusal() {
        Optional<Term> current = term;
        if (stopped) {
            return Optional.of("this replica is stopping");
        }
        if (current.isEmpty() || lost) {
            return Optional.of("this replica does not lead"
                    + leader.map(name -> "; " + name + " does").orElse(""));
        }
        Duration monotonic = Duration.ofNanos(nanos.getAsLong() - current.get().renewedNanos());
        Duration wall = Duration.between(current.get().renewedAt(), clock.instant());
        Duration elapsed = monotonic.compareTo(wall) > 0 ? monotonic : wall;
        return elapsed.compareTo(times.renewWithin()) < 0
                ? Optional.empty()
                : Optional.of("the lease was not renewed within "
                        + times.renewWithin().toSeconds() + " s; expected a renewal each "
                        + times.retry().toSeconds() + " s: check the API server");
    }

    /** Whether this replica has become the leader, and no other one has after it. */
    public boolean isLeading() {
        return term.isPresent() && !lost;
    }

    /** Whether another replica leads after this one. */
    public boolean isLost() {
        return lost;
    }

    public Optional<String> leader() {
        return leader;
    }

    /** Ends acting from now on; the lease stays. */
    public void stop() {
        stopped = true;
    }

    /**
     * Releases the lease if this replica holds it, so that another replica may lead at once.
     *
     * @throws IOException if that failed: another replica leads when the lease has expired
     */
    public synchronized void release() throws IOException {
        stopped = true;
        Optional<Term> held = term;
        Optional<LeaseRecord> record = held.isPresent() ? store.read() : Optional.empty();
        boolean ours = record.filter(found -> found.isHeldBy(identity)
                        && found.transitions() == held.orElseThrow().transitions())
                .isPresent();
        if (ours) {
            store.replace(record.get().released(clock.instant()));
        }
    }
}
