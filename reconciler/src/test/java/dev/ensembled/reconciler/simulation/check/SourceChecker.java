package dev.ensembled.reconciler.simulation.check;

import static dev.ensembled.reconciler.simulation.check.Invariants.require;

import dev.ensembled.reconciler.accept.SourceState;
import dev.ensembled.reconciler.accept.StoredEnsemble;
import dev.ensembled.reconciler.simulation.model.ModelRepository;
import dev.ensembled.reconciler.simulation.model.ModelRepository.Document;
import dev.ensembled.reconciler.simulation.model.ModelSource;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Checks what each commit changes in the store: rules 9 and 11. */
final class SourceChecker {
    private final Set<EnsembleId> removed = new HashSet<>();

    void afterCommit(ModelSource source) {
        for (EnsembleId id : ModelRepository.IDS) {
            Document document = source.repository().document(id);
            Optional<StoredEnsemble> stored = source.stored(id);
            if (document == Document.VALID) {
                removed.remove(id);
            }
            if (stored.isEmpty()) {
                requireRemovable(id, source);
                removed.add(id);
            } else {
                requireStored(stored.get(), document, source);
            }
        }
    }

    private void requireRemovable(EnsembleId id, ModelSource source) {
        boolean mayBeRemoved = source.lastGoodSpec(id).deletionPolicy() == DeletionPolicy.Delete
                && source.repository().isRemovedBeyondDoubt(id);
        require(
                removed.contains(id) || mayBeRemoved,
                "ensemble " + id + " was removed without a spec and a commit that say so");
    }

    private static void requireStored(StoredEnsemble stored, Document document, ModelSource source) {
        EnsembleId id = stored.id();
        String state = stored.source().map(SourceStatus::state).orElse("");
        require(
                stored.spec().equals(source.lastGoodSpec(id)),
                "the stored spec of " + id + " is not its last good spec; its document is " + document);
        boolean reported =
                switch (document) {
                    case VALID -> state.equals(SourceState.Synced.name());
                    case INVALID -> state.equals(SourceState.Held.name());
                    case MISSING -> state.equals(SourceState.Orphaned.name()) || state.equals(SourceState.Held.name());
                };
        require(reported, "the source state of " + id + " is " + state + "; its document is " + document);
    }
}
