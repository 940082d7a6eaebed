package dev.ensembled.reconciler.rollout;

import java.time.Instant;
import java.util.Optional;

/** What was decided for one observation. The set is closed: a {@link Visitor} handles each of them. */
public sealed interface Decision {

    /** Calls the method of the visitor for this kind of decision. */
    <T> T accept(Visitor<T> visitor);

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
    }

    /** A person must act, or push: no healthy member is restarted until then. */
    record Stalled(Gate gate, String reason) implements Decision {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }

    /** Everything is as wanted, and the sanity test has passed. */
    record Done() implements Decision {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
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
    }
}
