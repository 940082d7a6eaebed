package dev.ensembled.forge;

import dev.ensembled.backoff.ExponentialBackoff;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.GitState;
import dev.ensembled.git.SingleCommits;
import dev.ensembled.git.reference.Branch;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.planner.Planner;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Reports to the forge of one source, on a thread of its own:
 *
 * <ol>
 *   <li>put the status of the followed commit into the queue, if it has changed;
 *   <li>plan the pull requests that are due, at each interval, after a hint, and when the branch has moved;
 *   <li>send what is in the queue;
 *   <li>after a failure wait, longer with each failure in a row, and as long as the forge asks for.
 * </ol>
 *
 * <p>It reads the state of the daemon and changes nothing of it, so that a forge that fails, hangs or lies delays only its own
 * comments and statuses. Public methods are thread-safe.
 */
public final class ForgeReporter implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ForgeReporter.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** The minimum time between two lists of pull requests, however many hints arrive. */
    private static final Duration MINIMUM_GAP = Duration.ofSeconds(5);

    private static final ExponentialBackoff BACKOFF =
            new ExponentialBackoff(Duration.ofSeconds(2), Duration.ofMinutes(5), new Random());

    private final Forge forge;
    private final View view;
    private final Duration interval;
    private final Clock clock;
    private final WriteQueue queue = new WriteQueue();
    private final RolloutStatuses rollouts;
    private final Optional<PullRequestPlans> plans;
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean hinted = true;
    private volatile Optional<Failure> failure = Optional.empty();
    private volatile int waiting;
    private String plannedBase = "";
    private Instant plansNotBefore = Instant.MIN;
    private Instant plansAt = Instant.MIN;
    private Instant requestsNotBefore = Instant.MIN;
    private int failures;

    /**
     * What is reported about.
     *
     * @param git the state of the source
     * @param results the latest result of each ensemble
     */
    public record View(Supplier<GitState> git, Supplier<? extends Map<EnsembleId, ReconcileResult>> results) {}

    /**
     * A failure that is tried again.
     *
     * @param since when the first of the failures in a row was seen
     */
    public record Failure(String what, String toDo, Instant since) {}

    /**
     * Creates a reporter that does nothing until it is started. Pull requests are planned if the source follows a branch,
     * into which they can be merged.
     *
     * @param origin the identity of the source
     * @param planner plans for this source, among others
     */
    public ForgeReporter(
            ForgeSettings settings, GitSettings git, Origin origin, Planner planner, View view, Clock clock) {
        this.forge = Forges.of(settings, clock);
        this.view = view;
        this.interval = git.interval();
        this.clock = clock;
        this.rollouts = new RolloutStatuses(settings.context() + "/rollout", queue, clock);
        this.plans = Optional.of(git.reference())
                .filter(Branch.class::isInstance)
                .map(branch -> new PullRequestPlans.Source(
                        origin.name(),
                        branch.name(),
                        git.path(),
                        settings.forks(),
                        settings.context() + "/plan",
                        marker(origin.owner(), settings.context())))
                .map(source -> new PullRequestPlans(source, planner, new SingleCommits(git), queue));
        this.thread = new Thread(this::run, "forge-" + origin.name());
        this.thread.setDaemon(true);
    }

    private static String marker(String owner, String context) {
        return "<!-- ensembled: plan of " + (owner + "/" + context).replaceAll("[^\\w./-]|--", "_") + " -->";
    }

    /** Starts to report; must be called once. */
    public void start() {
        thread.start();
    }

    /** A hint that a pull request was opened or has changed. */
    public void pullRequestsChanged() {
        hinted = true;
    }

    /** Why the last request failed; empty if it did not. */
    public Optional<Failure> failure() {
        return failure;
    }

    /** How many comments and statuses wait to be written. */
    public int waiting() {
        return waiting;
    }

    private void run() {
        while (!closed) {
            try {
                report();
                waiting = queue.size();
                Thread.sleep(TICK.toMillis());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LogEntry.of("reporting to the forge failed").log(LOG, Logger.Level.WARN, e);
                failed(String.valueOf(e), "Report this as a bug.", Optional.empty());
            }
        }
    }

    private void report() throws InterruptedException {
        GitState git = view.git().get();
        rollouts.update(git, view.results().get());
        Instant now = clock.instant();
        if (now.isBefore(requestsNotBefore)) {
            return;
        }
        try {
            boolean requested = queue.size() > 0;
            // First, since plans take a while
            Optional<ForgeFailedException> refusal = queue.send(forge);
            if (git.commit().isPresent() && plansAreDue(git.commit().get().id(), now)) {
                plan(git.commit().get().id(), now);
                Optional<ForgeFailedException> later = queue.send(forge);
                refusal = later.isPresent() ? later : refusal;
                requested = true;
            }
            if (requested) {
                failures = 0;
                failure = refusal.map(refused -> failure(refused.getMessage(), refused.toDo()));
            }
        } catch (ForgeFailedException e) {
            failed(e.getMessage(), e.toDo(), e.retryAfter());
        } catch (RetryLaterException e) {
            LogEntry.of("plans of pull requests are postponed")
                    .with(LogKey.REASON, e.getMessage())
                    .debug(LOG);
        }
    }

    private boolean plansAreDue(String base, Instant now) {
        boolean due = plans.isPresent() && (hinted || !base.equals(plannedBase) || !now.isBefore(plansAt));
        return due && !now.isBefore(plansNotBefore);
    }

    private void plan(String base, Instant now) throws ForgeFailedException, InterruptedException {
        plansNotBefore = now.plus(MINIMUM_GAP);
        hinted = false;
        boolean more = true;
        try {
            more = plans.orElseThrow().update(forge, base);
            plannedBase = base;
            plansAt = now.plus(interval);
        } finally {
            hinted |= more;
        }
    }

    private void failed(String what, String toDo, Optional<Duration> retryAfter) {
        failures++;
        Duration backoff = BACKOFF.after(failures);
        Duration wait = retryAfter.filter(asked -> asked.compareTo(backoff) > 0).orElse(backoff);
        requestsNotBefore = clock.instant().plus(wait);
        boolean known = failure.filter(last -> last.what().equals(what)).isPresent();
        LogEntry.of("forge request failed")
                .with(LogKey.WHAT, what)
                .with(LogKey.TODO, toDo)
                .log(LOG, known ? Logger.Level.DEBUG : Logger.Level.WARN, null);
        failure = Optional.of(failure(what, toDo));
    }

    private Failure failure(String what, String toDo) {
        return new Failure(what, toDo, failure.map(Failure::since).orElseGet(clock::instant));
    }

    /** Ends the thread; a request in progress is abandoned. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
