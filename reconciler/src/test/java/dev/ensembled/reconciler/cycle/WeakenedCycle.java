package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Decision;
import java.time.Clock;
import java.time.Instant;

/** A reconcile cycle with another decision function than the rollout, for checks that tests notice a removed rule. */
public final class WeakenedCycle {
    private WeakenedCycle() {}

    /** Decides instead of the rollout. */
    @FunctionalInterface
    public interface Decide {
        Decision next(Desired desired, Observed observed, Instant now);
    }

    public static ReconcileCycle of(
            EnsembleStore store, Platform platform, SanityTest sanityTest, Clock clock, Decide decide) {
        return new ReconcileCycle(store, platform, sanityTest, clock, decide::next);
    }
}
