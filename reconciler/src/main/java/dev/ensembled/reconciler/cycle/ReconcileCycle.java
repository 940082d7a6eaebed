package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Rollout;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * One reconcile cycle of one ensemble: the entry point for reading the code of ensembled.
 *
 * <ol>
 *   <li>Read the accepted spec, and derive the desired state.
 *   <li>Observe what exists.
 *   <li>Decide the next step.
 *   <li>If that step may stop a server: observe again, without caches, and decide again; only that decision is carried
 *       out.
 *   <li>Report before a disruptive step, so that what each server had acknowledged is recorded before it stops.
 *   <li>Act: at most one step.
 *   <li>Report what was decided, and the outcome of the step; record the step in the history.
 * </ol>
 *
 * <p>Only the reported status is carried from one cycle to the next, so the daemon may be ended at any moment, and another
 * one continues. Used by many threads, but never by two for the same ensemble.
 */
public final class ReconcileCycle {

    private final EnsembleStore store;
    private final Platform platform;
    private final SanityTest sanityTest;
    private final Reporter reporter;
    private final HistoryRecorder histories;
    private final FollowedHistories followed;
    private final Clock clock;
    private final Decider decider;

    public ReconcileCycle(EnsembleStore store, Platform platform, SanityTest sanityTest, Clock clock) {
        this(store, platform, sanityTest, clock, Rollout::next);
    }

    /**
     * Creates a cycle with another decision than that of the rollout, with which tests show that each of its rules is
     * needed.
     */
    ReconcileCycle(EnsembleStore store, Platform platform, SanityTest sanityTest, Clock clock, Decider decider) {
        this.store = store;
        this.platform = platform;
        this.sanityTest = sanityTest;
        this.reporter = new Reporter(store, clock);
        this.histories = new HistoryRecorder(store);
        this.followed = new FollowedHistories(store);
        this.clock = clock;
        this.decider = decider;
    }

    /** The pure function that decides. */
    @FunctionalInterface
    interface Decider {
        Decision next(Desired desired, Observed observed, Instant now);
    }

    /**
     * The result of a cycle.
     *
     * @param accepted the accepted spec, with the status that was reported before this cycle
     * @param attempt the step that was tried; empty if none was
     * @param status as this cycle reported it
     * @param history with what this cycle did, as far as the stored history could be read
     */
    public record Result(
            Accepted accepted,
            Decision decision,
            Optional<Attempt> attempt,
            Observed observed,
            EnsembleStatus status,
            History history) {

        private Result with(History recorded) {
            return new Result(accepted, decision, attempt, observed, status, recorded);
        }

        /** How the step ended; empty if none was tried. */
        public Optional<Outcome> outcome() {
            return attempt.map(Attempt::outcome);
        }

        /** Whether a person must act, or push: by the decision, or by the outcome of the step. */
        public boolean stalled() {
            return status.isTrue("Stalled");
        }
    }

    /**
     * A step that a cycle tried.
     *
     * @param reason why it was decided, for people
     */
    public record Attempt(Step step, String reason, Outcome outcome, Instant began, Instant ended) {}

    /**
     * Runs one cycle.
     *
     * @return empty if there is no such ensemble
     * @throws RetryLaterException if the store or the platform could not be reached; what was done until then stays
     *     done, and a later cycle continues
     */
    public Optional<Result> run(EnsembleId id) {
        Optional<Accepted> accepted = store.get(id);
        if (accepted.isEmpty()) {
            reporter.forget(id);
            histories.forget(id);
        }
        return accepted.map(this::run);
    }

    /**
     * Observes an ensemble and decides as a cycle does, but neither acts nor reports, for a replica that follows.
     *
     * @return the decision, with the status as another replica has reported it; empty if there is no such ensemble
     * @throws RetryLaterException if the store or the platform could not be reached
     */
    public Optional<Result> follow(EnsembleId id) {
        Optional<Accepted> accepted = store.get(id);
        if (accepted.isEmpty()) {
            followed.forget(id);
        }
        return accepted.map(this::follow);
    }

    private Result follow(Accepted accepted) {
        Desired desired = desired(accepted);
        Observation view = observe(accepted, desired, ReadMode.CACHED);
        EnsembleStatus status = accepted.status().conditions().isEmpty()
                ? reporter.unreported(accepted, desired, view.observed(), view.decision())
                : accepted.status();
        return new Result(accepted, view.decision(), Optional.empty(), view.observed(), status, followed.of(accepted));
    }

    private static Desired desired(Accepted accepted) {
        return Desired.of(accepted.id(), accepted.spec(), accepted.generation(), accepted.requests());
    }

    private Result run(Accepted accepted) {
        Desired desired = desired(accepted);
        Observation view = observe(accepted, desired);
        return view.decision()
                .act()
                .map(act -> act(accepted, desired, view.observed(), act))
                .orElseGet(() -> {
                    EnsembleStatus status = reporter.report(accepted, desired, view.observed(), view.decision());
                    return recorded(
                            accepted,
                            new Result(
                                    accepted,
                                    view.decision(),
                                    Optional.empty(),
                                    view.observed(),
                                    status,
                                    History.EMPTY));
                });
    }

    private Result act(Accepted accepted, Desired desired, Observed observed, Decision.Act act) {
        Accepted announced = act.step().disruptive() ? reporter.announce(accepted, desired, observed, act) : accepted;
        Instant began = clock.instant();
        Outcome outcome = act.step().accept(new StepExecution(platform, sanityTest, desired, observed));
        Attempt attempt = new Attempt(act.step(), act.reason(), outcome, began, clock.instant());
        EnsembleStatus status = reporter.report(announced, desired, observed, act, outcome);
        return recorded(accepted, new Result(accepted, act, Optional.of(attempt), observed, status, History.EMPTY));
    }

    private Result recorded(Accepted accepted, Result result) {
        return result.with(histories.record(accepted, result, clock.instant()));
    }

    private record Observation(Observed observed, Decision decision) {}

    private Observation observe(Accepted accepted, Desired desired) {
        Observation cached = observe(accepted, desired, ReadMode.CACHED);
        return cached.decision().act().filter(act -> act.step().disruptive()).isPresent()
                ? observe(accepted, desired, ReadMode.FRESH)
                : cached;
    }

    private Observation observe(Accepted accepted, Desired desired, ReadMode mode) {
        Observed observed = platform.observe(desired, reporter.lastReported(accepted), mode);
        return new Observation(observed, decide(accepted, desired, observed));
    }

    private Decision decide(Accepted accepted, Desired desired, Observed observed) {
        if (accepted.edited()) {
            return new Decision.Wait(
                    Gate.EDITED_SPEC,
                    "the stored spec was edited; waiting for the Git source to restore the accepted spec",
                    Optional.empty());
        }
        return platform.refusal(accepted.spec())
                .<Decision>map(Decision.Refused::new)
                .orElseGet(() -> decider.next(desired, observed, clock.instant()));
    }
}
