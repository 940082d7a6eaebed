package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.Optional;

/**
 * The platform on which ensembles run. An implementation is used by many threads at once, but never by two for the same
 * ensemble. Every call ends within a deadline of the implementation.
 */
public interface Platform {

    /** The read mode of an observation. Servers are read afresh in both modes. */
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
     * Observes one ensemble. A server that does not answer in time is Unknown in the result.
     *
     * @param status the last reported status
     * @throws RetryLaterException if the platform itself cannot be read
     */
    Observed observe(Desired desired, EnsembleStatus status, ReadMode mode);

    /**
     * Takes one step with preconditions, so that it does nothing when the state has changed after the observation.
     * Handles every {@link Step} except {@link Step.RunSanityTest}.
     *
     * @throws RetryLaterException if the platform cannot be reached; it is then unknown whether the step was taken
     */
    Outcome act(Desired desired, Step step);
}
