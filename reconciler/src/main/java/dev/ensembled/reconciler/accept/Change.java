package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;

/** A change that a commit makes to one ensemble. */
public sealed interface Change {
    EnsembleId id();

    /** The recorded source once the change is made. */
    SourceStatus source();

    /** Calls the method of the visitor for this kind of change. */
    <T> T accept(Visitor<T> visitor);

    /** What is done for each kind of change. */
    interface Visitor<T> {
        T visit(Accept change);

        T visit(Hold change);

        T visit(Orphan change);

        T visit(Remove change);

        T visit(AwaitRemoval change);
    }

    /** The spec in the file becomes the accepted spec. */
    record Accept(ZooKeeperEnsemble resource, SourceStatus source) implements Change {
        @Override
        public EnsembleId id() {
            return resource.id();
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }

    /** The file is invalid: the last good spec stays in force. */
    record Hold(EnsembleId id, SourceStatus source) implements Change {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }

    /** The file is gone: the ensemble keeps running. */
    record Orphan(EnsembleId id, SourceStatus source) implements Change {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }

    /** The file is gone, and the spec says that the ensemble is then deleted. */
    record Remove(EnsembleId id, SourceStatus source) implements Change {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }

    /** The file is gone, and the ensemble stays as it is until a person confirms that. */
    record AwaitRemoval(EnsembleId id, SourceStatus source) implements Change {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.visit(this);
        }
    }
}
