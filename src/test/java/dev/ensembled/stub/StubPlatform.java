package dev.ensembled.stub;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.List;
import java.util.Optional;

/** A platform without instances, on which no step is expected; a test overrides what it needs. */
public class StubPlatform implements Platform {
    @Override
    public Observed observe(Desired desired, EnsembleStatus status, ReadMode mode) {
        return new Observed(
                List.of(), Optional.empty(), List.of(), List.of(), Observed.Replicas.NONE, true, List.of(), status);
    }

    @Override
    public Outcome act(Desired desired, Step step) {
        throw new AssertionError("no step is expected: " + step);
    }
}
