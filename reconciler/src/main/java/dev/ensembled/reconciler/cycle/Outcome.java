package dev.ensembled.reconciler.cycle;

/** How a step ended. */
public sealed interface Outcome {

    /** It was taken. */
    record Taken() implements Outcome {}

    /** A gate that only the platform knows refused it, such as a disruption budget; nothing was changed. */
    record Blocked(String gate, String reason) implements Outcome {}

    /** A precondition no longer held; nothing was changed, and a new look tells more. */
    record Overtaken(String reason) implements Outcome {}
}
