package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.accept.AcceptanceResult;
import dev.ensembled.reconciler.accept.Change;
import dev.ensembled.reconciler.accept.Commit;
import dev.ensembled.reconciler.accept.Leftovers;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.SourceState;
import dev.ensembled.reconciler.accept.StoredEnsemble;
import dev.ensembled.reconciler.simulation.history.Event;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The Git source on the model: a repository, and the stored ensembles that the real acceptance updates after each commit.
 * Besides the ensemble with servers, two others have only a spec: one in the same file, and one that is deleted with its
 * file.
 */
public final class ModelSource {
    private static final Origin ORIGIN = new Origin("https://git.example/config, branch main", "simulation");

    /** Decides what a commit changes, as {@link dev.ensembled.reconciler.accept.Acceptance#decide} does. */
    @FunctionalInterface
    public interface Acceptor {
        AcceptanceResult decide(
                Commit commit, ParsedCommit parsed, Collection<StoredEnsemble> stored, Leftovers leftovers);
    }

    private final ModelRepository repository = new ModelRepository();
    private final Map<EnsembleId, StoredEnsemble> stored = new TreeMap<>();
    private final ModelStore store;
    private final Acceptor acceptor;
    private int commits;

    public ModelSource(ModelStore store, Acceptor acceptor) {
        this.store = store;
        this.acceptor = acceptor;
        for (EnsembleId id : ModelRepository.IDS) {
            SourceStatus first = new SourceStatus(
                    "commit 0",
                    ModelRepository.path(id),
                    SourceState.Synced.name(),
                    null,
                    ORIGIN.source(),
                    ORIGIN.installation());
            stored.put(id, new StoredEnsemble(id, lastGoodSpec(id), Optional.of(first), false));
        }
    }

    /** Commits the change of the event, and accepts the commit. */
    public void commit(Event event) {
        commits++;
        if (ModelRepository.changesFilesOnly(event.type())) {
            repository.change(event);
        } else {
            store.push(event);
            repository.write(ModelStore.ID);
        }
        accept();
    }

    private void accept() {
        stored.computeIfPresent(
                ModelStore.ID, (id, known) -> new StoredEnsemble(id, store.spec(), known.source(), store.edited()));
        acceptor.decide(
                        new Commit("commit " + commits, ORIGIN, Set.of()),
                        repository.parse(this::lastGoodSpec),
                        stored.values(),
                        repository::leftovers)
                .changes()
                .forEach(this::apply);
    }

    private void apply(Change change) {
        if (change instanceof Change.Remove) {
            stored.remove(change.id());
            return;
        }
        EnsembleSpec spec = change instanceof Change.Accept accept
                ? accept.resource().getSpec()
                : stored.get(change.id()).spec();
        stored.put(change.id(), new StoredEnsemble(change.id(), spec, Optional.of(change.source()), false));
        if (change.id().equals(ModelStore.ID)) {
            store.accept(spec);
        }
    }

    public ModelRepository repository() {
        return repository;
    }

    /** The spec of the last commit in which the document of this ensemble was valid. */
    public EnsembleSpec lastGoodSpec(EnsembleId id) {
        return id.equals(ModelStore.ID) ? store.lastGoodSpec() : repository.lastGoodSpec(id);
    }

    /** The stored ensemble; empty if it was removed. */
    public Optional<StoredEnsemble> stored(EnsembleId id) {
        return Optional.ofNullable(stored.get(id));
    }
}
