package dev.ensembled.reconciler.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A condition that has to hold before a healthy member may be touched.
 *
 * @param name in kebab-case; the same in log, status, metric and page
 * @param waitsFor who opens it when it is closed
 */
public record Gate(String name, WaitsFor waitsFor, Check check) {

    /** A gate that servers open. */
    Gate(String name, Check check) {
        this(name, WaitsFor.SERVERS, check);
    }

    /** Looks at the situation. Pure. */
    @FunctionalInterface
    public interface Check {
        /** Empty if the gate is open. */
        Optional<Closed> apply(Situation situation);
    }

    /**
     * Why a gate is closed.
     *
     * @param until when it may open by the passing of time alone
     * @param stalled whether it takes a person to open it
     * @param as a name that says more than the gate's own; empty if there is none
     */
    public record Closed(String reason, Optional<Instant> until, boolean stalled, Optional<String> as) {
        static Optional<Closed> because(String reason) {
            return Optional.of(new Closed(reason, Optional.empty(), false, Optional.empty()));
        }

        static Optional<Closed> until(Instant until, String reason) {
            return Optional.of(new Closed(reason, Optional.of(until), false, Optional.empty()));
        }

        static Optional<Closed> stalled(String reason) {
            return Optional.of(new Closed(reason, Optional.empty(), true, Optional.empty()));
        }

        static Optional<Closed> stalledAs(String name, String reason) {
            return Optional.of(new Closed(reason, Optional.empty(), true, Optional.of(name)));
        }
    }

    /**
     * The decision by the first closed gate of a list; empty if all are open.
     *
     * @param leftOpen names of gates that are not asked: none, but for tests that prove that each gate is needed
     */
    static Optional<Decision> firstClosed(List<Gate> gates, Situation situation, Set<String> leftOpen) {
        for (Gate gate : gates) {
            Optional<Closed> closed = leftOpen.contains(gate.name())
                    ? Optional.empty()
                    : gate.check().apply(situation);
            if (closed.isPresent()) {
                return Optional.of(gate.decide(closed.get()));
            }
        }
        return Optional.empty();
    }

    private Decision decide(Closed closed) {
        return closed.stalled()
                ? new Decision.Stalled(closed.as().orElse(name), closed.reason())
                : new Decision.Wait(name, closed.reason(), closed.until(), waitsFor);
    }
}
