package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.rollout.Gate;

/** How a step ended. */
public sealed interface Outcome {

    /** Calls the method of the visitor for this kind of outcome. */
    <T> T accept(Visitor<T> visitor);

    /** One word, for machines: applied, blocked, failed or stale. */
    String word();

    /** Whether the step was taken. */
    default boolean isApplied() {
        return false;
    }

    /** Whether a precondition of the step did not hold. */
    default boolean isStale() {
        return false;
    }

    /** What is done for each kind of outcome. */
    interface Visitor<T> {
        T visit(Applied outcome);

        T visit(Blocked outcome);

        T visit(SanityTestFailed outcome);

        T visit(Stale outcome);
    }

    /** The step was taken. */
    record Applied() implements Outcome {
        @Override
        public String word() {
            return "applied";
        }

        @Override
        public boolean isApplied() {
            return true;
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }

    /** A gate that only the platform knows blocked the step, such as a disruption budget; nothing was changed. */
    record Blocked(Gate gate, String reason) implements Outcome {
        @Override
        public String word() {
            return "blocked";
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * The sanity test failed; nothing else may be concluded from it.
     *
     * @param half which of the two servers failed
     * @param refused whether that server refused the request, rather than not answering it
     * @param reason with ZooKeeper's own error, and what helps
     */
    record SanityTestFailed(Half half, boolean refused, String reason) implements Outcome {
        @Override
        public String word() {
            return "failed";
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }

    /** The two servers of a sanity test. */
    enum Half {
        WRITER,
        READER
    }

    /** A precondition no longer held; nothing was changed, and a new observation is needed. */
    record Stale(String reason) implements Outcome {
        @Override
        public String word() {
            return "stale";
        }

        @Override
        public boolean isStale() {
            return true;
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }
}
