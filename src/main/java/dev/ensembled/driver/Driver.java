package dev.ensembled.driver;

import dev.ensembled.backoff.ExponentialBackoff;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.ChangedMeanwhileException;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Runs the reconcile cycle for every accepted ensemble: soon after a change, and at the resync interval otherwise.
 *
 * <p>At most one worker runs the cycle of an ensemble at a time; different ensembles run in parallel, on a bounded number
 * of workers. A failure delays only the ensemble that failed. Thread-safe.
 */
public final class Driver implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Driver.class);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    private final ReconcileCycle cycle;
    private final EnsembleStore store;
    private final RequeuePolicy requeue;
    private final Clock clock;
    private final WorkQueue<EnsembleId> queue = new WorkQueue<>(System::nanoTime);
    private final ExponentialBackoff backoff = new ExponentialBackoff(FIRST_BACKOFF, LONGEST_BACKOFF, new Random());
    private final Map<EnsembleId, Integer> failuresInARow = new ConcurrentHashMap<>();
    private final Map<EnsembleId, Integer> staleInARow = new ConcurrentHashMap<>();
    private final Map<EnsembleId, ReconcileResult> latestResults = new ConcurrentHashMap<>();
    private final Map<Thread, Instant> busySince = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Listener listener;
    private volatile Instant lastResync;
    private volatile boolean leads;
    private volatile boolean closed;

    /** Called after each cycle, on the thread that ran it. What it throws is logged, and changes nothing of the cycle. */
    public interface Listener {
        /** A cycle ended, with a result or with a failure. */
        void seen(EnsembleId id, ReconcileResult latest);

        /** The store does not contain this ensemble, or does not contain it any more. */
        void gone(EnsembleId id);

        /** As {@link #seen}, while the driver follows: another replica acts, and reports what it does. */
        default void seenWhileFollowing(EnsembleId id, ReconcileResult latest) {}

        /** As {@link #gone}, while the driver follows. */
        default void goneWhileFollowing(EnsembleId id) {}
    }

    /** Creates a driver, which is not started yet, and only follows until {@link #lead}. */
    public Driver(ReconcileCycle cycle, EnsembleStore store, RequeuePolicy requeue, Clock clock, Listener listener) {
        this.cycle = cycle;
        this.store = store;
        this.requeue = requeue;
        this.clock = clock;
        this.listener = listener;
        this.lastResync = clock.instant();
    }

    /** Starts the workers, and the resync, which finds ensembles whose change was not reported. */
    public synchronized void start(int workers) {
        lastResync = clock.instant();
        for (int i = 0; i < workers; i++) {
            run("ensemble-worker-" + i, this::workOnce);
        }
        run("ensemble-resync", this::resyncOnce);
    }

    /** Acts from now on. Until then, the driver observes what another replica does. */
    public void lead() {
        leads = true;
        latestResults.keySet().forEach(this::changed);
        scheduleAll();
    }

    private interface Turn {
        void take() throws InterruptedException;
    }

    private void run(String name, Turn turn) {
        Thread thread = new Thread(() -> repeat(turn), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void repeat(Turn turn) {
        while (!closed) {
            try {
                turn.take();
            } catch (InterruptedException e) {
                return; // only close() interrupts
            }
        }
    }

    /** Schedules a cycle for an ensemble that changed. */
    public void changed(EnsembleId id) {
        queue.add(id, Duration.ZERO);
    }

    private void workOnce() throws InterruptedException {
        Optional<EnsembleId> taken = queue.take(IDLE);
        if (taken.isPresent()) {
            EnsembleId id = taken.get();
            busySince.put(Thread.currentThread(), clock.instant());
            try {
                work(id);
            } finally {
                busySince.remove(Thread.currentThread());
                queue.done(id);
            }
        }
    }

    private void work(EnsembleId id) {
        long began = System.nanoTime();
        boolean acts = leads;
        try {
            Optional<ReconcileCycle.Result> result = acts ? cycle.run(id) : cycle.follow(id);
            failuresInARow.remove(id);
            if (result.isEmpty()) {
                staleInARow.remove(id);
                latestResults.remove(id);
                report(id, () -> {
                    if (acts) {
                        listener.gone(id);
                    } else {
                        listener.goneWhileFollowing(id);
                    }
                });
                return;
            }
            logRecovery(id);
            publish(acts, id, ReconcileResult.of(result.get(), clock.instant(), since(began)));
            queue.add(id, acts ? pause(id, result.get()) : requeue.following(result.get()));
        } catch (ChangedMeanwhileException e) {
            decideAgain(acts, id, e, since(began));
        } catch (RetryLaterException e) {
            retry(acts, id, String.valueOf(e.getMessage()), null, since(began));
        } catch (RuntimeException e) {
            retry(acts, id, "unexpected error: " + e, e, since(began));
        }
    }

    /** A step whose precondition did not hold is decided again at once; if that repeats, less and less often. */
    private Duration pause(EnsembleId id, ReconcileCycle.Result result) {
        Duration usual = requeue.after(result, clock.instant());
        if (result.outcome().filter(Outcome::isStale).isEmpty()) {
            staleInARow.remove(id);
            return usual;
        }
        int repeated = staleInARow.merge(id, 1, Integer::sum) - 1;
        return repeated == 0 ? usual : backoff.after(repeated);
    }

    /** That another writer came first is no failure, unless it repeats. */
    private void decideAgain(boolean acts, EnsembleId id, ChangedMeanwhileException conflict, Duration took) {
        String reason = String.valueOf(conflict.getMessage());
        if (failuresInARow.containsKey(id)) {
            retry(acts, id, reason, null, took);
        } else {
            LogEntry.of("state changed meanwhile, deciding again")
                    .with(LogKey.ENSEMBLE, id)
                    .with(LogKey.CLASS, "conflict")
                    .with(LogKey.REASON, reason)
                    .info(LOG);
            queue.add(id, backoff.after(failuresInARow.merge(id, 1, Integer::sum)));
        }
    }

    /**
     * Tries again later. A failure is logged when it is not that of the cycle before.
     *
     * @param bug logged with its stack trace; null if the failure is an expected one
     */
    private void retry(boolean acts, EnsembleId id, String reason, Throwable bug, Duration took) {
        if (failure(id).filter(reason::equals).isEmpty()) {
            LogEntry.of("reconcile cycle failed")
                    .with(LogKey.ENSEMBLE, id)
                    .with(LogKey.CLASS, "retry")
                    .with(LogKey.REASON, reason)
                    .log(LOG, bug == null ? Logger.Level.WARN : Logger.Level.ERROR, bug);
        }
        publish(
                acts,
                id,
                ReconcileResult.failed(Optional.ofNullable(latestResults.get(id)), reason, clock.instant(), took));
        queue.add(id, backoff.after(failuresInARow.merge(id, 1, Integer::sum)));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private void logRecovery(EnsembleId id) {
        if (failure(id).isPresent()) {
            LogEntry.of("reconcile cycle succeeds again")
                    .with(LogKey.ENSEMBLE, id)
                    .info(LOG);
        }
    }

    private Optional<String> failure(EnsembleId id) {
        return Optional.ofNullable(latestResults.get(id)).flatMap(ReconcileResult::failure);
    }

    private void publish(boolean acts, EnsembleId id, ReconcileResult latest) {
        latestResults.put(id, latest);
        report(id, () -> {
            if (acts) {
                listener.seen(id, latest);
            } else {
                listener.seenWhileFollowing(id, latest);
            }
        });
    }

    /** A listener that fails must neither fail the cycle nor end the worker. */
    private static void report(EnsembleId id, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LogEntry.of("a listener of reconcile cycles failed, its report is lost")
                    .with(LogKey.ENSEMBLE, id)
                    .log(LOG, Logger.Level.ERROR, e);
        }
    }

    private void scheduleAll() {
        try {
            store.list().forEach(accepted -> queue.addUnlessPending(accepted.id()));
            store.unreadable().forEach(queue::addUnlessPending);
        } catch (RuntimeException e) {
            LogEntry.of("cannot list the store")
                    .with(LogKey.REASON, e.getMessage())
                    .warn(LOG);
        }
    }

    private void resyncOnce() throws InterruptedException {
        scheduleAll();
        lastResync = clock.instant();
        Thread.sleep(requeue.settled().toMillis());
    }

    /** Returns the latest result of each ensemble, ordered by name. */
    public SortedMap<EnsembleId, ReconcileResult> latestResults() {
        return new TreeMap<>(latestResults);
    }

    /** Returns how many ensembles are due and wait for a worker. */
    public int waiting() {
        return queue.waiting().keys();
    }

    /** Returns how long the first of them has been waiting for a worker; zero if none waits. */
    public Duration longestWait() {
        return queue.waiting().oldest();
    }

    /**
     * Returns what is wedged, for the liveness check: a worker that has been in one cycle, or a resync that has not run,
     * for longer than this. Every call in a cycle has its own deadline, so a slow ensemble does not cause this.
     */
    public Optional<String> wedged(Duration limitPerCycle) {
        Instant limit = clock.instant().minus(limitPerCycle);
        return busySince.entrySet().stream()
                .filter(busy -> busy.getValue().isBefore(limit))
                .map(busy -> busy.getKey().getName() + " has been in one reconcile cycle since " + busy.getValue())
                .findFirst()
                .or(() -> lastResync.isBefore(limit) ? Optional.of("no resync since " + lastResync) : Optional.empty());
    }

    /** Whether no cycle runs any more after {@link #close}. */
    public synchronized boolean atRest() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** Stops the threads; waits at most 5 s for the cycles that are in progress. */
    @Override
    public synchronized void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        Instant deadline = Instant.now().plusSeconds(5);
        for (Thread thread : threads) {
            try {
                thread.join(
                        Math.max(1, Duration.between(Instant.now(), deadline).toMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
