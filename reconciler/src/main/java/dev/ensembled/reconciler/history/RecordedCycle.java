package dev.ensembled.reconciler.history;

import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.rollout.WaitsFor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What a history records of one cycle. A cycle whose step was stale has neither a step nor a gate. Times are kept in
 * milliseconds.
 *
 * @param commit the commit from which the spec was accepted; empty if the spec is not from a Git source of ensembled
 * @param generation the generation of the spec
 * @param observed the observation on which the decision was made
 * @param taken the step, if it was taken
 * @param held the closed gate, whether the rollout or the platform closed it
 * @param done whether everything was as wanted
 */
public record RecordedCycle(
        String commit,
        long generation,
        Observed observed,
        Optional<Taken> taken,
        Optional<Held> held,
        boolean done,
        Instant now) {

    public RecordedCycle {
        now = now.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * A step that was taken.
     *
     * @param reason why it was decided, for people
     */
    public record Taken(Step step, String reason, Instant began, Instant ended) {
        public Taken {
            began = began.truncatedTo(ChronoUnit.MILLIS);
            ended = ended.truncatedTo(ChronoUnit.MILLIS);
        }
    }

    /**
     * A closed gate.
     *
     * @param stalled whether a person must act
     */
    public record Held(Gate gate, String reason, boolean stalled) {

        /** Whether it is recorded: a gate that waits for servers closes in every rollout. */
        boolean isRecorded() {
            return stalled || gate.waitsFor() != WaitsFor.SERVERS;
        }
    }
}
