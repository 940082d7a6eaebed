package dev.ensembled.progress;

import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether one ensemble is healthy. A member that a rollout restarts is no trouble; neither is a state that ends soon, such as
 * an election. Used by one thread at a time.
 */
final class Health {
    private final ProgressListener listener;
    private final Duration degradedAfter;
    private Instant since;
    private boolean reported;

    Health(ProgressListener listener, Duration degradedAfter) {
        this.listener = listener;
        this.degradedAfter = degradedAfter;
    }

    void seen(
            Subject subject, ReconcileCycle.Result result, Optional<ClosedGate> closed, boolean rollsOut, Instant now) {
        Optional<String> trouble = trouble(result.status(), closed, rollsOut);
        if (trouble.isEmpty()) {
            // A rollout that begins does not end the trouble: only a settled ensemble is known to be healthy
            if (reported && result.decision().isDone()) {
                listener.healthyAgain(subject, Duration.between(since, now));
                reported = false;
            }
            since = reported ? since : null;
            return;
        }
        since = since == null ? now : since;
        if (!reported && !now.isBefore(since.plus(degradedAfter))) {
            reported = true;
            listener.degraded(subject, trouble.get());
        }
    }

    private static Optional<String> trouble(EnsembleStatus status, Optional<ClosedGate> closed, boolean rollsOut) {
        Optional<String> noLeader = status.conditions().stream()
                .filter(condition -> condition.type().equals("Available")
                        && condition.status().equals("False")
                        && status.wasBootstrapped())
                .map(Condition::message)
                .findFirst();
        return noLeader.or(() ->
                closed.filter(gate -> !rollsOut && !gate.stalled()).map(gate -> gate.gate() + ": " + gate.reason()));
    }
}
