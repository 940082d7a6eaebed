package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.rollout.Gate;

/** How a forecast ends. */
public sealed interface Ending {

    /** Everything is as the spec wants it. */
    record Done() implements Ending {}

    /** The spec is refused, and nothing is changed. */
    record Refused(String reason) implements Ending {}

    /**
     * The rollout waits for something other than time.
     *
     * @param gate the closed gate, which has what it waits for
     * @param stalled whether a person has to act
     */
    record Held(Gate gate, String reason, boolean stalled) implements Ending {}
}
