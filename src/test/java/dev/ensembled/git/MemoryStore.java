package dev.ensembled.git;

import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.cycle.SpecRefusedException;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A store in memory that can fail. */
final class MemoryStore implements EnsembleStore {
    private final Map<EnsembleId, Accepted> all = new TreeMap<>();
    private final List<String> writes = new ArrayList<>();
    private final Set<EnsembleId> broken = new HashSet<>();
    private final Map<EnsembleId, String> refusals = new TreeMap<>();
    private boolean down;

    @Override
    public synchronized List<Accepted> list() {
        if (down) {
            throw new RetryLaterException("no answer from the API server", null);
        }
        return List.copyOf(all.values());
    }

    @Override
    public synchronized Optional<Accepted> get(EnsembleId id) {
        return Optional.ofNullable(all.get(id));
    }

    @Override
    public synchronized void accept(ZooKeeperEnsemble resource, SourceStatus source) {
        if (refusals.containsKey(resource.id())) {
            throw new SpecRefusedException(refusals.get(resource.id()), null);
        }
        write("accept", resource.id());
        put(resource.id(), resource.getSpec(), source, false);
    }

    @Override
    public synchronized void mark(EnsembleId id, SourceStatus source) {
        write("mark " + source.state(), id);
        put(id, all.get(id).spec(), source, all.get(id).edited());
    }

    @Override
    public synchronized void remove(EnsembleId id, SourceStatus source) {
        write("remove", id);
        all.remove(id);
    }

    @Override
    public void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus status) {
        throw new UnsupportedOperationException("a source writes no status");
    }

    @Override
    public History history(EnsembleId id) {
        return History.EMPTY;
    }

    @Override
    public void writeHistory(EnsembleId id, History before, History history) {}

    @Override
    public void publish(EnsembleId id, EnsembleEvent event) {
        throw new UnsupportedOperationException("a source publishes nothing");
    }

    synchronized void edit(EnsembleId id, EnsembleSpec spec) {
        Accepted before = all.get(id);
        put(id, spec, before.source().orElse(null), true);
    }

    synchronized void breakFor(EnsembleId id) {
        broken.add(id);
    }

    /** Refuses every spec for this ensemble from now on, with this reason. */
    synchronized void refuse(EnsembleId id, String why) {
        refusals.put(id, why);
    }

    synchronized void repair() {
        refusals.clear();
        broken.clear();
        down = false;
    }

    synchronized void goDown() {
        down = true;
    }

    synchronized List<String> writes() {
        return List.copyOf(writes);
    }

    synchronized Optional<SourceStatus> source(String name) {
        return Optional.ofNullable(all.get(new EnsembleId("ns", name))).flatMap(Accepted::source);
    }

    private void write(String what, EnsembleId id) {
        if (down || broken.contains(id)) {
            throw new RetryLaterException("conflict on " + id, null);
        }
        writes.add(what + " " + id);
    }

    private void put(EnsembleId id, EnsembleSpec spec, SourceStatus source, boolean edited) {
        all.put(
                id,
                new Accepted(id, spec, 1, Optional.ofNullable(source), edited, Requests.NONE, EnsembleStatus.empty()));
    }
}
