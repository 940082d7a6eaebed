package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.EnsembleSpec;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import java.util.Optional;

/**
 * What ensembles run on. An implementation is used by many threads at once, but never by two for the same ensemble.
 * Every call ends within a deadline of the implementation's own.
 */
public interface Platform {

    /** Where a look gets its facts from. Servers are asked afresh by both. */
    enum ReadMode {
        /** Objects and instances may come from a cache that lags behind. */
        CACHED,
        /** Objects and instances are read from the source of truth. */
        FRESH
    }

    /** Why this platform cannot run what a spec asks for; empty if it can. */
    default Optional<String> refusal(EnsembleSpec spec) {
        return Optional.empty();
    }

    /**
     * Looks at one ensemble. A server that does not answer in time is Unknown in the result.
     *
     * @param status what was last reported
     * @throws RetryLaterException if the platform itself cannot be read
     */
    Observed observe(Desired desired, EnsembleStatus status, ReadMode mode);

    /**
     * Takes one step with preconditions, so that it does nothing when the world has moved on since the look. Handles
     * every {@link Step} but {@link Step.RunSanityTest}.
     *
     * @throws RetryLaterException if the platform cannot be reached; whether the step was taken is then not known
     */
    Outcome act(Desired desired, Step step);
}
