package dev.ensembled.reconciler.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A gate with the condition that has to hold for it to be open. */
record GateCheck(Gate gate, Check check) {

    /** Checks the situation. Pure. */
    @FunctionalInterface
    interface Check {
        /** Empty if the gate is open. */
        Optional<Closed> apply(Situation situation);
    }

    /**
     * Why a gate is closed.
     *
     * @param until when the gate may open by the passing of time alone
     * @param stalled whether a person has to open it
     * @param as a more specific gate to report instead; empty if there is none
     */
    record Closed(String reason, Optional<Instant> until, boolean stalled, Optional<Gate> as) {
        static Optional<Closed> because(String reason) {
            return Optional.of(new Closed(reason, Optional.empty(), false, Optional.empty()));
        }

        static Optional<Closed> until(Instant until, String reason) {
            return Optional.of(new Closed(reason, Optional.of(until), false, Optional.empty()));
        }

        static Optional<Closed> stalled(String reason) {
            return Optional.of(new Closed(reason, Optional.empty(), true, Optional.empty()));
        }

        static Optional<Closed> stalledAs(Gate name, String reason) {
            return Optional.of(new Closed(reason, Optional.empty(), true, Optional.of(name)));
        }
    }

    /** Returns the decision by the first closed gate of a list; empty if all are open. */
    static Optional<Decision> firstClosed(List<GateCheck> checks, Situation situation) {
        return checks.stream()
                .filter(check -> !situation.ignoredGates().contains(check.gate()))
                .flatMap(check -> check.check().apply(situation).map(check::decide).stream())
                .findFirst();
    }

    private Decision decide(Closed closed) {
        return closed.stalled()
                ? new Decision.Stalled(closed.as().orElse(gate), closed.reason())
                : new Decision.Wait(gate, closed.reason(), closed.until());
    }
}
