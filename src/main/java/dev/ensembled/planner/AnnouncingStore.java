package dev.ensembled.planner;

import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.SourceChanges;
import dev.ensembled.reconciler.forecast.SpecChange;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The store of the Git source: notes which fields of a spec a commit changes, for {@link PlannedEvents}. */
public record AnnouncingStore(EnsembleStore store, PlannedEvents events) implements EnsembleStore {

    private record AnnouncingChanges(EnsembleStore store, SourceChanges changes, PlannedEvents events)
            implements SourceChanges {

        /** The change is noted before it is made, since a cycle may see it at once. */
        @Override
        public void accept(ZooKeeperEnsemble resource, SourceStatus source) {
            EnsembleId id = resource.id();
            List<SpecChange> fields = store.get(id)
                    .filter(before -> !before.edited())
                    .map(before -> SpecChange.between(before.spec(), resource.getSpec()))
                    .orElse(List.of());
            if (!fields.isEmpty() && source.commit() != null) {
                events.accepting(id, source.commit(), fields);
            }
            try {
                changes.accept(resource, source);
            } catch (RuntimeException e) {
                events.forget(id);
                throw e;
            }
        }

        @Override
        public void mark(EnsembleId id, SourceStatus source) {
            changes.mark(id, source);
        }

        @Override
        public void remove(EnsembleId id, SourceStatus source) {
            changes.remove(id, source);
        }
    }

    @Override
    public SourceChanges decidedOn(List<Accepted> read) {
        return new AnnouncingChanges(store, store.decidedOn(read), events);
    }

    @Override
    public void accept(ZooKeeperEnsemble resource, SourceStatus source) {
        new AnnouncingChanges(store, store, events).accept(resource, source);
    }

    @Override
    public List<Accepted> list() {
        return store.list();
    }

    @Override
    public Set<EnsembleId> unreadable() {
        return store.unreadable();
    }

    @Override
    public Optional<Accepted> get(EnsembleId id) {
        return store.get(id);
    }

    @Override
    public Optional<String> refusal(EnsembleId id, EnsembleSpec spec) {
        return store.refusal(id, spec);
    }

    @Override
    public void mark(EnsembleId id, SourceStatus source) {
        store.mark(id, source);
    }

    @Override
    public void remove(EnsembleId id, SourceStatus source) {
        store.remove(id, source);
    }

    @Override
    public void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus status) {
        store.writeStatus(id, before, status);
    }

    @Override
    public void publish(EnsembleId id, EnsembleEvent event) {
        store.publish(id, event);
    }

    @Override
    public History history(EnsembleId id) {
        return store.history(id);
    }

    @Override
    public void writeHistory(EnsembleId id, History before, History history) {
        store.writeHistory(id, before, history);
    }
}
