package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.util.Objects;
import java.util.Optional;

/**
 * An accepted spec, with the data that the decision about a commit needs.
 *
 * @param source where it came from; empty if it did not come from our Git source, and then it is never held, orphaned
 *     or removed
 * @param edited whether the stored resource was changed after our source wrote it
 * @param confirmedRemoval the commit for which a person has confirmed that it removes the ensemble
 */
public record StoredEnsemble(
        EnsembleId id,
        EnsembleSpec spec,
        Optional<SourceStatus> source,
        boolean edited,
        Optional<String> confirmedRemoval) {
    public StoredEnsemble {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(confirmedRemoval, "confirmedRemoval");
    }

    /** An ensemble for which no removal is confirmed. */
    public StoredEnsemble(EnsembleId id, EnsembleSpec spec, Optional<SourceStatus> source, boolean edited) {
        this(id, spec, source, edited, Optional.empty());
    }
}
