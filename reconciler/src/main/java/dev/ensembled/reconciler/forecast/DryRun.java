package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.spec.model.EnsembleId;

/** What a platform knows about changes without making them. Used by many threads at once. */
public interface DryRun {

    /**
     * Returns the revision that instances would get after the objects of a spec were applied. Its id is any text: only the
     * platform gives an id, when the objects are applied.
     *
     * @throws RetryLaterException if the platform cannot be read
     */
    Revision wantedRevision(Desired desired);

    /**
     * Tries the eviction of an instance without evicting it: whether every budget and admission controller allows it now.
     *
     * @throws RetryLaterException if the platform cannot be reached
     */
    Outcome evict(EnsembleId ensemble, Instance instance);
}
