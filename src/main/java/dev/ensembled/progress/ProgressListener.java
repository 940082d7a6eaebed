package dev.ensembled.progress;

import dev.ensembled.reconciler.cycle.ReconcileCycle.Attempt;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.time.Duration;
import java.util.Optional;

/**
 * Gets each change once, on the thread of the worker, and so must be quick. For one ensemble the calls are in order and one
 * at a time; calls for several ensembles may come at the same time. A method that is not overridden ignores its change.
 */
public interface ProgressListener {
    /** The ensemble was seen for the first time since the process started. */
    default void firstSeen(EnsembleId ensemble) {}

    /** A rollout began, or one was found in progress when the daemon started. */
    default void rolloutBegan(Subject subject, boolean foundInProgress) {}

    /** Another spec was accepted during a rollout. */
    default void rolloutRetargeted(Subject subject) {}

    /** It is known how many members a rollout has to restart; at least 1. */
    default void restartsPlanned(Subject subject, int restarts) {}

    /**
     * A step was tried. A step that is tried again with the same outcome is not reported again, unless it was applied.
     *
     * @param role of the affected member before the step; empty if it did not serve, or there is none
     */
    default void stepTried(Subject subject, Attempt attempt, Optional<String> role) {}

    /**
     * A restart reached a phase. Phases that were passed between two looks are reported together, at the later one.
     *
     * @param took since the step began that restarted the member
     */
    default void restartReached(Subject subject, int member, RestartPhase phase, Duration took) {}

    /** A member that was restarted or replaced serves in another instance. */
    default void memberBack(Subject subject, int member, String role, Duration took) {}

    /**
     * A gate closed, or a gate that was closed became a reason for a person to act, or no longer is one.
     *
     * @param before the state that it replaces; empty if no gate was closed
     */
    default void gateClosed(Subject subject, ClosedGate gate, Optional<ClosedGate> before) {}

    /** No gate is closed any more. */
    default void gateOpened(Subject subject, ClosedGate gate, Duration closedFor) {}

    /** The rollout is done: every member runs the wanted revision, and the sanity test passed. */
    default void rolloutDone(Subject subject, RolloutSummary summary) {}

    /** The ensemble has not been healthy for some time, without a rollout that explains it, or has no leader. */
    default void degraded(Subject subject, String reason) {}

    /** An ensemble that was degraded is healthy. */
    default void healthyAgain(Subject subject, Duration degradedFor) {}

    /** The file of the ensemble is gone, and the removal waits for a confirmation. */
    default void removalWaits(Subject subject, String message) {}

    /** The ensemble is not in the store any more. */
    default void removed(EnsembleId ensemble) {}
}
