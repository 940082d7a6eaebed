package dev.ensembled.reconciler.history;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Objects;

/**
 * A time in which a gate held the rollout.
 *
 * @param gate the name of the gate; {@code refused} if the spec was refused
 * @param reason why the gate was closed at the beginning, for people
 * @param stalled whether a person must act
 * @param since when the gate closed
 * @param until when the next step was taken, or the hold ended otherwise; null while it lasts
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordedHold(String gate, String reason, boolean stalled, Instant since, Instant until) {
    public RecordedHold {
        Objects.requireNonNull(gate, "gate");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(since, "since");
    }

    /** Whether it has not ended. */
    boolean open() {
        return until == null;
    }

    boolean continues(RecordedHold before) {
        return gate.equals(before.gate) && stalled == before.stalled;
    }

    RecordedHold endedAt(Instant now) {
        return open() ? new RecordedHold(gate, reason, stalled, since, now) : this;
    }
}
