package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One step of a forecast.
 *
 * @param reason why it is taken, for people
 * @param waits the gates that open by the passing of time, in the order in which the step waits for them
 * @param role of the member that the step is about, before the step; empty if it is about no member that serves
 * @param margin how many more voters may fail while the step is taken, whichever they are; negative if there is no
 *     quorum, empty before the ensemble is bootstrapped
 */
public record ForecastStep(Step step, String reason, List<TimedWait> waits, Optional<Role> role, OptionalInt margin) {
    public ForecastStep {
        waits = List.copyOf(waits);
    }

    /**
     * A gate that opens by the passing of time.
     *
     * @param duration how long the gate alone is waited for: a forecast does not know how long steps take
     */
    public record TimedWait(Gate gate, Instant until, Duration duration) {}
}
