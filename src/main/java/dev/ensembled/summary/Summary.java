package dev.ensembled.summary;

import dev.ensembled.reconciler.accept.SourceState;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.WaitsFor;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * What an ensemble does, or what holds it.
 *
 * @param gate the closed gate; empty if none is closed
 * @param reason why, as the daemon reports it
 * @param since when this began, in RFC 3339; null if it is not reported
 */
public record Summary(State state, Optional<Gate> gate, String reason, String since) {
    private static final Set<String> NEED_A_PERSON = Set.of(SourceState.Held.name(), SourceState.RemovalPending.name());

    /** What an ensemble does. */
    public enum State {
        /** All is as wanted. */
        SETTLED("Settled"),
        /** A step is taken. */
        ROLLING("Rolling"),
        /** A gate is closed, and it may open without a person. */
        WAITING("Waiting"),
        /** A gate is closed until a person decides. */
        HELD("Held"),
        /** A person must repair something. */
        STALLED("Stalled"),
        /** The daemon has not reported on this spec yet. */
        PENDING("Pending");

        private final String text;

        State(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Returns what a stored ensemble does, by its status. */
    public static Summary of(ReportedEnsemble ensemble) {
        Optional<Condition> ready = ensemble.condition("Ready");
        if (ready.isEmpty()) {
            return pending("the daemon has not reported yet; if that lasts, check that it runs");
        }
        if (!ensemble.statusIsCurrent()) {
            return pending("the daemon has not reported on generation " + ensemble.generation()
                    + " of the spec yet; if that lasts, check that it runs");
        }
        return reported(ensemble, ready.get());
    }

    private static Summary reported(ReportedEnsemble ensemble, Condition ready) {
        Optional<RolloutStatus> rollout = Optional.ofNullable(ensemble.status().rollout());
        Optional<Gate> gate = rollout.flatMap(status -> gate(status.gate()));
        String since = rollout.map(RolloutStatus::since).orElse(ready.lastTransitionTime());
        if (ensemble.is("Stalled")) {
            Condition stalled = ensemble.condition("Stalled").orElseThrow();
            String from = rollout.map(RolloutStatus::since).orElse(stalled.lastTransitionTime());
            return new Summary(State.STALLED, gate, SafeText.of(stalled.message()), from);
        }
        if (ensemble.is("Ready")) {
            return new Summary(State.SETTLED, Optional.empty(), SafeText.of(ready.message()), since(ready));
        }
        State state = gate.isEmpty() ? State.ROLLING : waitsForADecision(gate.get()) ? State.HELD : State.WAITING;
        return new Summary(state, gate, SafeText.of(ready.message()), since);
    }

    private static String since(Condition condition) {
        return condition.lastTransitionTime();
    }

    private static Summary pending(String reason) {
        return new Summary(State.PENDING, Optional.empty(), reason, null);
    }

    private static Optional<Gate> gate(String name) {
        return Arrays.stream(Gate.values())
                .filter(gate -> gate.toString().equals(name))
                .findFirst();
    }

    /** The clock opens a window and ends a soak period. */
    private static boolean waitsForADecision(Gate gate) {
        return gate.waitsFor() == WaitsFor.PEOPLE && gate != Gate.WINDOW && gate != Gate.SOAK;
    }

    /** Returns why the ensemble does not follow its file; empty if it does, or has none. */
    public static Optional<String> sourceProblem(ReportedEnsemble ensemble) {
        return Optional.ofNullable(ensemble.status().source())
                .filter(source -> source.message() != null)
                .map(source -> SafeText.of(source.state() + ": " + source.message()));
    }

    /** Whether a person must act, or decide, before it goes on. */
    public static boolean needsAPerson(ReportedEnsemble ensemble) {
        State state = of(ensemble).state();
        boolean fileHeld = Optional.ofNullable(ensemble.status().source())
                .map(SourceStatus::state)
                .filter(NEED_A_PERSON::contains)
                .isPresent();
        return state == State.STALLED || state == State.HELD || fileHeld;
    }

    /** Returns the state with the name of the gate, such as {@code Waiting: budget}. */
    public String title() {
        return state + gate.map(each -> ": " + each).orElse("");
    }
}
