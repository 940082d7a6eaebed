package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.rollout.Gate;

/** How a forecast ends. */
public sealed interface Ending {

    /** Calls the method of the visitor for this kind of ending. */
    <T> T accept(Visitor<T> visitor);

    /** What is done for each kind of ending. */
    interface Visitor<T> {
        T visit(Done ending);

        T visit(Refused ending);

        T visit(Held ending);
    }

    /** Everything is as the spec wants it. */
    record Done() implements Ending {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }

    /** The spec is refused, and nothing is changed. */
    record Refused(String reason) implements Ending {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * The rollout waits for something other than time.
     *
     * @param gate the closed gate, which has what it waits for
     * @param stalled whether a person has to act
     */
    record Held(Gate gate, String reason, boolean stalled) implements Ending {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }
}
