package dev.ensembled.progress;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.rollout.Gate;
import java.time.Instant;
import java.util.Optional;

/**
 * A gate that holds an ensemble.
 *
 * @param stalled whether a person must act
 * @param reason why it is closed, for people
 * @param since when it was first seen closed
 */
public record ClosedGate(Gate gate, boolean stalled, String reason, Instant since) {

    /** The gate that a cycle found closed: by its decision, or by the outcome of its step; empty if none. */
    static Optional<ClosedGate> of(ReconcileCycle.Result result, Instant now) {
        Optional<Found> found = result.outcome()
                .flatMap(outcome -> outcome.accept(OF_OUTCOME))
                .or(() -> result.decision()
                        .closedGate()
                        .map(gate -> new Found(gate, result.decision().reason())));
        return found.map(closed -> new ClosedGate(closed.gate(), result.stalled(), closed.reason(), now));
    }

    /** Whether this is the same state, whatever the words of its reason are now. */
    boolean isAs(ClosedGate other) {
        return gate == other.gate && stalled == other.stalled;
    }

    private record Found(Gate gate, String reason) {}

    private static final Outcome.Visitor<Optional<Found>> OF_OUTCOME = new Outcome.Visitor<>() {
        @Override
        public Optional<Found> visit(Outcome.Applied outcome) {
            return Optional.empty();
        }

        @Override
        public Optional<Found> visit(Outcome.Blocked outcome) {
            return Optional.of(new Found(outcome.gate(), outcome.reason()));
        }

        @Override
        public Optional<Found> visit(Outcome.SanityTestFailed outcome) {
            return Optional.of(new Found(Gate.SANITY_TEST, outcome.reason()));
        }

        @Override
        public Optional<Found> visit(Outcome.Stale outcome) {
            return Optional.empty();
        }
    };
}
