package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.ZooKeeperEnsemble;

/** What a commit changes for one ensemble. */
public sealed interface Change {
    EnsembleId id();

    /** What is known of the source once the change is made. */
    SourceStatus source();

    /** The spec in the file becomes the accepted one. */
    record Accept(ZooKeeperEnsemble resource, SourceStatus source) implements Change {
        @Override
        public EnsembleId id() {
            return resource.id();
        }
    }

    /** The file is invalid: the last good spec stays. */
    record Hold(EnsembleId id, SourceStatus source) implements Change {}

    /** The file is gone: the ensemble runs on. */
    record Orphan(EnsembleId id, SourceStatus source) implements Change {}

    /** The file is gone and the spec said that the ensemble goes with it. */
    record Remove(EnsembleId id, SourceStatus source) implements Change {}
}
