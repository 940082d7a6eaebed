package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.rollout.Gate;

/** How a step ended. */
public sealed interface Outcome {

    /** It was taken. */
    record Applied() implements Outcome {}

    /** A gate that only the platform knows refused it, such as a disruption budget; nothing was changed. */
    record Blocked(Gate gate, String reason) implements Outcome {}

    /**
     * The sanity test failed: what it was to prove is not proven, and nothing else follows.
     *
     * @param half at which of the two servers
     * @param refused whether that server refused it, and did not just leave it without an answer
     * @param reason with ZooKeeper's own word for it, and what helps
     */
    record SanityTestFailed(Half half, boolean refused, String reason) implements Outcome {}

    /** The two servers of a sanity test. */
    enum Half {
        WRITER,
        READER
    }

    /** A precondition no longer held; nothing was changed, and a new look tells more. */
    record Stale(String reason) implements Outcome {}
}
