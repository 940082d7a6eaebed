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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks what each commit changes in the store: rules 9 and 11. */
final class SourceChecker {
    private final Set<EnsembleId> removed = new HashSet<>();
    private final Map<EnsembleId, Document> before = new HashMap<>();

    /** The ensembles that a commit took away together with others; no history confirms a removal. */
    private final Set<EnsembleId> takenTogether = new HashSet<>();

    void afterCommit(ModelSource source) {
        countWhatIsTaken(source);
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

    private void countWhatIsTaken(ModelSource source) {
        Set<EnsembleId> taken = new HashSet<>();
        for (EnsembleId id : ModelRepository.IDS) {
            Document now = source.repository().document(id);
            if (now != Document.MISSING) {
                takenTogether.remove(id);
            } else if (before.getOrDefault(id, Document.VALID) != Document.MISSING && !removed.contains(id)) {
                // An invalid document of an ensemble that does not exist takes nothing away with it
                taken.add(id);
            }
            before.put(id, now);
        }
        if (taken.size() > 1) {
            takenTogether.addAll(taken);
        }
    }

    private void requireRemovable(EnsembleId id, ModelSource source) {
        require(
                !takenTogether.contains(id),
                "ensemble " + id + " was removed together with others, without a confirmation");
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
                    case MISSING -> !state.equals(SourceState.Synced.name());
                };
        require(reported, "the source state of " + id + " is " + state + "; its document is " + document);
    }
}
