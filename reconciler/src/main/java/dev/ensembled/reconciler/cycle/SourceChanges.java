package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;

/** What a Git source changes in the store. Used by many threads; every call may throw {@link RetryLaterException}. */
public interface SourceChanges {

    /**
     * Accepts a spec from the Git source, replacing what was accepted before, including edits by others. Writes nothing
     * if nothing differs.
     *
     * @throws SpecRefusedException if this spec may not follow the stored one, which stays
     */
    void accept(ZooKeeperEnsemble resource, SourceStatus source);

    /** Changes only what is known about the source of an ensemble: that it is held, orphaned, or synced again. */
    void mark(EnsembleId id, SourceStatus source);

    /** Removes the ensemble itself, because its file is gone and its spec says {@code deletionPolicy: Delete}. */
    void remove(EnsembleId id, SourceStatus source);
}
