package dev.ensembled.reconciler.rollout;

import java.time.Instant;
import java.util.Optional;

/** What was decided for one observation. The set is closed: a {@link Visitor} handles each of them. */
public sealed interface Decision {

    /** Calls the method of the visitor for this kind of decision. */
    <T> T accept(Visitor<T> visitor);

    /** The gate that is closed; empty if none is. */
    Optional<Gate> closedGate();

    /** Why this was decided, for people; empty if there is nothing to do. */
    String reason();

    /** This decision if it is to take a step. */
    default Optional<Act> act() {
        return Optional.empty();
    }

    /** Whether everything is as wanted. */
    default boolean isDone() {
        return false;
    }

    /** What is done for each kind of decision. */
    interface Visitor<T> {
        T visit(Act decision);

        T visit(Wait decision);

        T visit(Stalled decision);

        T visit(Done decision);

        T visit(Refused decision);
    }

    /** Take this step now. */
    record Act(Step step, String reason) implements Decision {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public Optional<Gate> closedGate() {
            return Optional.empty();
        }

        @Override
        public Optional<Act> act() {
            return Optional.of(this);
        }
    }

    /**
     * A gate is closed; observe again when something changes, or at a time.
     *
     * @param until when the gate may open by the passing of time alone
     */
    record Wait(Gate gate, String reason, Optional<Instant> until) implements Decision {

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public Optional<Gate> closedGate() {
            return Optional.of(gate);
        }
    }

    /** A person must act, or push: no healthy member is restarted until then. */
    record Stalled(Gate gate, String reason) implements Decision {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public Optional<Gate> closedGate() {
            return Optional.of(gate);
        }
    }

    /** Everything is as wanted, and the sanity test has passed. */
    record Done() implements Decision {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public Optional<Gate> closedGate() {
            return Optional.empty();
        }

        @Override
        public String reason() {
            return "";
        }

        @Override
        public boolean isDone() {
            return true;
        }
    }

    /**
     * The spec asks for a change that would not be safe, or that this version cannot make; the ensemble stays as it is.
     */
    record Refused(String reason) implements Decision {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }

        @Override
        public Optional<Gate> closedGate() {
            return Optional.of(Gate.REFUSED);
        }
    }
}
