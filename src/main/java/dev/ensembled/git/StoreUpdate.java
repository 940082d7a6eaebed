package dev.ensembled.git;

import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.accept.Change;
import dev.ensembled.reconciler.accept.Change.Accept;
import dev.ensembled.reconciler.accept.Change.AwaitRemoval;
import dev.ensembled.reconciler.accept.Change.Hold;
import dev.ensembled.reconciler.accept.Change.Orphan;
import dev.ensembled.reconciler.accept.Change.Remove;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.SourceState;
import dev.ensembled.reconciler.cycle.ChangedMeanwhileException;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.SourceChanges;
import dev.ensembled.reconciler.cycle.SpecRefusedException;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Updates the store to a commit. Each change is made separately, so that a change that fails does not prevent the others
 * (docs/invariants.md, rule 11). An instance is used for one commit, once.
 */
final class StoreUpdate {
    private static final Logger LOG = Logger.getLogger(StoreUpdate.class);

    private final SourceChanges store;
    private final Map<EnsembleId, SourceStatus> sources = new TreeMap<>();
    private final Map<EnsembleId, String> failures = new TreeMap<>();

    /**
     * Creates an update of a store.
     *
     * @param origin where the commit comes from; ensembles of other installations are not included
     */
    StoreUpdate(EnsembleStore store, Origin origin, List<Accepted> stored) {
        this.store = store.decidedOn(stored);
        stored.forEach(one -> one.source()
                .filter(source -> !origin.isOfAnother(source))
                .ifPresent(source -> sources.put(one.id(), source)));
    }

    /** Makes the changes, in their order. */
    void apply(List<Change> changes) {
        for (Change change : changes) {
            try {
                makeOrHold(change);
            } catch (ChangedMeanwhileException e) {
                LogEntry.of("git change outdated, deciding again")
                        .with(LogKey.ENSEMBLE, change.id())
                        .with(LogKey.CHANGE, change.getClass().getSimpleName())
                        .with(LogKey.REASON, e.getMessage())
                        .info(LOG);
                failed(change, e);
            } catch (RuntimeException e) {
                LogEntry.of("git change not stored")
                        .with(LogKey.ENSEMBLE, change.id())
                        .with(LogKey.CHANGE, change.getClass().getSimpleName())
                        .log(LOG, Logger.Level.WARN, e);
                failed(change, e);
            }
        }
    }

    private void failed(Change change, RuntimeException cause) {
        failures.put(change.id(), DisplayText.oneLine(String.valueOf(cause.getMessage())));
        sources.putIfAbsent(change.id(), new SourceStatus(null, change.source().path(), null, null));
    }

    private void makeOrHold(Change change) {
        try {
            make(change);
        } catch (SpecRefusedException e) {
            refused(change, DisplayText.oneLine(e.getMessage()));
        }
    }

    /** Rule 11: the stored spec stays in force, with the reason in its status; the next comparison tries the file again. */
    private void refused(Change change, String why) {
        String path = change.source().path();
        LogEntry.of("git change refused")
                .with(LogKey.ENSEMBLE, change.id())
                .with(LogKey.PATH, path)
                .with(LogKey.REASON, why)
                .warn(LOG);
        SourceStatus before = sources.get(change.id());
        if (before == null) {
            failures.put(change.id(), why);
            sources.put(change.id(), new SourceStatus(null, path, null, null));
            return;
        }
        String message =
                "The last good spec stays in force, because the cluster refused the spec in " + path + ": " + why;
        SourceStatus held = before.with(SourceState.Held.name(), message);
        if (!held.equals(before)) {
            make(new Hold(change.id(), held));
        }
    }

    private void make(Change change) {
        SourceStatus source = change.source();
        if (change instanceof Accept accept) {
            store.accept(accept.resource(), source);
        } else if (change instanceof Hold || change instanceof Orphan || change instanceof AwaitRemoval) {
            store.mark(change.id(), source);
        } else if (change instanceof Remove) {
            store.remove(change.id(), source);
        }
        LogEntry.of(change instanceof Accept ? "commit accepted" : "git change stored")
                .with(LogKey.ENSEMBLE, change.id())
                .with(LogKey.CHANGE, change.getClass().getSimpleName())
                .with(LogKey.PATH, source.path())
                .with(LogKey.COMMIT, source.commit())
                .with(LogKey.REASON, Optional.ofNullable(source.message()).orElse(""))
                .info(LOG);
        if (change instanceof Remove) {
            sources.remove(change.id());
        } else {
            sources.put(change.id(), source);
        }
    }

    /** The current state of the ensembles of this source. */
    List<GitState.Ensemble> ensembles() {
        List<GitState.Ensemble> result = new ArrayList<>();
        sources.forEach(
                (id, source) -> result.add(new GitState.Ensemble(id, source, Optional.ofNullable(failures.get(id)))));
        return result;
    }

    /** A message about what failed; empty if nothing failed. */
    Optional<String> failed() {
        return failures.isEmpty()
                ? Optional.empty()
                : Optional.of("Changes of " + failures.size() + " ensembles could not be stored; first failure: "
                        + failures.keySet().iterator().next() + ": "
                        + failures.values().iterator().next());
    }
}
