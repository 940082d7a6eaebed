package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Decision;
import java.time.Clock;
import java.time.Instant;

/** A reconcile cycle that decides by a mutation of the rollout. */
public final class MutatedCycle {
    private MutatedCycle() {}

    /** Decides in place of the rollout. */
    @FunctionalInterface
    public interface Decider {
        Decision next(Desired desired, Observed observed, Instant now);
    }

    public static ReconcileCycle of(
            EnsembleStore store, Platform platform, SanityTest sanityTest, Clock clock, Decider decider) {
        return new ReconcileCycle(store, platform, sanityTest, clock, decider::next);
    }
}
