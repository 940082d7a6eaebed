package dev.ensembled.stub;

import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Specs in memory with the last status of each. A source changes nothing here; a test overrides what it needs. */
public class StubStore implements EnsembleStore {
    private final Map<EnsembleId, Accepted> all = new ConcurrentSkipListMap<>();

    /** Stores a spec with this status, as if it had been accepted. */
    public final void put(EnsembleId id, EnsembleSpec spec, EnsembleStatus status) {
        all.put(id, accepted(id, spec, status));
    }

    /** Stores a spec without a status, as if it had been accepted. */
    public final void put(EnsembleId id, EnsembleSpec spec) {
        put(id, spec, EnsembleStatus.empty());
    }

    protected static Accepted accepted(EnsembleId id, EnsembleSpec spec, EnsembleStatus status) {
        return new Accepted(id, spec, 1, Optional.empty(), false, Requests.NONE, status);
    }

    @Override
    public List<Accepted> list() {
        return List.copyOf(all.values());
    }

    @Override
    public Optional<Accepted> get(EnsembleId id) {
        return Optional.ofNullable(all.get(id));
    }

    @Override
    public void accept(ZooKeeperEnsemble resource, SourceStatus source) {
        throw new AssertionError("nothing is accepted");
    }

    @Override
    public void mark(EnsembleId id, SourceStatus source) {
        throw new AssertionError("nothing is marked");
    }

    @Override
    public void remove(EnsembleId id, SourceStatus source) {
        throw new AssertionError("nothing is removed");
    }

    @Override
    public void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus status) {
        all.computeIfPresent(id, (same, stored) -> accepted(id, stored.spec(), status));
    }

    @Override
    public History history(EnsembleId id) {
        return History.EMPTY;
    }

    @Override
    public void writeHistory(EnsembleId id, History before, History history) {}

    @Override
    public void publish(EnsembleId id, EnsembleEvent event) {}
}
