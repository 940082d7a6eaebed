package dev.ensembled.planner;

import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.commitplan.PlannedLine;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.forecast.Continuation;
import dev.ensembled.reconciler.forecast.Forecast;
import dev.ensembled.reconciler.forecast.SpecChange;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/**
 * Publishes the event {@code Planned} when an accepted commit changes an ensemble: which restarts follow, and from which
 * fields. The forecast is made of the observation of a cycle, in a thread of its own, so that nothing is asked for it and no cycle
 * waits for it. If it cannot be made, or the daemon ends before, there is no event. Thread-safe.
 */
public final class PlannedEvents implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PlannedEvents.class);
    private static final Set<ObjectState.State> TO_BE_APPLIED = EnumSet.of(
            ObjectState.State.MISSING,
            ObjectState.State.OUTDATED,
            ObjectState.State.DRIFTED,
            ObjectState.State.SURPLUS);

    private final EnsembleStore store;
    private final Clock clock;
    private final Map<EnsembleId, Accepting> pending = new ConcurrentHashMap<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread created = new Thread(work, "planned-events");
        created.setDaemon(true);
        return created;
    });

    private record Accepting(String commit, List<SpecChange> changes) {}

    public PlannedEvents(EnsembleStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** A spec with these changes is about to be accepted from a commit. */
    void accepting(EnsembleId id, String commit, List<SpecChange> changes) {
        pending.put(id, new Accepting(commit, changes));
    }

    /** The ensemble does not exist any more, or its change was not accepted. */
    public void forget(EnsembleId id) {
        pending.remove(id);
    }

    /** A cycle has ended. The first one whose observation has the revision of the accepted spec makes the event. */
    public void seen(EnsembleId id, ReconcileCycle.Result result) {
        Accepting change = pending.get(id);
        boolean isOfCommit = change != null
                && Optional.ofNullable(result.status().source())
                        .map(SourceStatus::commit)
                        .filter(change.commit()::equals)
                        .isPresent();
        Observed observed = result.observed();
        if (isOfCommit && isApplied(observed) && pending.remove(id, change)) {
            try {
                thread.execute(() -> publish(id, change, observed, clock.instant()));
            } catch (RejectedExecutionException e) {
                LogEntry.of("the daemon ends, no event")
                        .with(LogKey.ENSEMBLE, id)
                        .debug(LOG);
            }
        }
    }

    /** Before that, only the platform can say which revision instances would get, and would have to be asked. */
    private static boolean isApplied(Observed observed) {
        return observed.target().isPresent()
                && observed.objects().stream().noneMatch(object -> TO_BE_APPLIED.contains(object.state()));
    }

    private void publish(EnsembleId id, Accepting change, Observed observed, Instant now) {
        try {
            Optional<Accepted> accepted = store.get(id).filter(one -> one.source()
                    .map(SourceStatus::commit)
                    .filter(change.commit()::equals)
                    .isPresent());
            if (accepted.isPresent()) {
                Revision wanted = observed.target().orElseThrow();
                Forecast forecast = Forecast.of(accepted.get(), observed, wanted, now);
                Optional<Continuation> continuation = Continuation.of(forecast, accepted.get(), observed, wanted, now);
                String line = PlannedLine.of(change.commit(), change.changes(), forecast, continuation);
                store.publish(id, new EnsembleEvent(false, "Planned", line));
            }
        } catch (RuntimeException e) {
            LogEntry.of("no forecast, no event")
                    .with(LogKey.ENSEMBLE, id)
                    .with(LogKey.REASON, e.getMessage())
                    .info(LOG);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
