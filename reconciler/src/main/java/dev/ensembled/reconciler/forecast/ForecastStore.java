package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.util.List;
import java.util.Optional;

/** The store of a forecast: one spec, and a status that is kept in memory. */
final class ForecastStore implements EnsembleStore {
    private Accepted accepted;

    ForecastStore(Accepted accepted) {
        this.accepted = accepted;
    }

    @Override
    public Optional<Accepted> get(EnsembleId id) {
        return Optional.of(accepted);
    }

    @Override
    public List<Accepted> list() {
        return List.of(accepted);
    }

    @Override
    public void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus status) {
        accepted = new Accepted(
                accepted.id(),
                accepted.spec(),
                accepted.generation(),
                accepted.source(),
                accepted.edited(),
                accepted.requests(),
                status);
    }

    @Override
    public void publish(EnsembleId id, EnsembleEvent event) {
        // A forecast has no events.
    }

    /** Estimates need the history of the ensemble; the forecast itself does not. */
    @Override
    public History history(EnsembleId id) {
        return History.EMPTY;
    }

    @Override
    public void writeHistory(EnsembleId id, History before, History history) {
        // What is forecast has not happened.
    }

    @Override
    public void accept(ZooKeeperEnsemble resource, SourceStatus source) {
        throw new UnsupportedOperationException("a cycle accepts nothing");
    }

    @Override
    public void mark(EnsembleId id, SourceStatus source) {
        throw new UnsupportedOperationException("a cycle marks nothing");
    }

    @Override
    public void remove(EnsembleId id, SourceStatus source) {
        throw new UnsupportedOperationException("a cycle removes nothing");
    }
}
