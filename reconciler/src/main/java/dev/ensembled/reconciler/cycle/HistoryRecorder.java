package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Attempt;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Result;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.RecordedCycle;
import dev.ensembled.reconciler.history.RecordedCycle.Held;
import dev.ensembled.reconciler.history.RecordedCycle.Taken;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records what cycles did in the history of their ensemble, and writes it when it has changed. Reads the stored history
 * once, and keeps it in memory. A store that fails ends no cycle: what could not be written is written with a later cycle,
 * after a pause. A step is lost if the daemon ends, or its status cannot be written, before the history is written.
 */
final class HistoryRecorder {
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final EnsembleStore store;
    private final Map<EnsembleId, Kept> kept = new ConcurrentHashMap<>();

    HistoryRecorder(EnsembleStore store) {
        this.store = store;
    }

    /**
     * What is known of a history.
     *
     * @param stored as it was last read or written; empty if it could not be read yet
     * @param current with what could not be written yet
     * @param pausedUntil when the store is asked again, after it has failed
     */
    private record Kept(Optional<History> stored, History current, Instant pausedUntil) {
        static final Kept NOTHING = new Kept(Optional.empty(), History.EMPTY, Instant.MIN);

        static Kept stored(History history) {
            return new Kept(Optional.of(history), history, Instant.MIN);
        }

        boolean isToBeWritten() {
            return !stored.equals(Optional.of(current));
        }

        Kept with(History changed) {
            return new Kept(stored, changed, pausedUntil);
        }

        Kept failedAt(Instant now) {
            return new Kept(stored, current, now.plus(PAUSE));
        }
    }

    void forget(EnsembleId id) {
        kept.remove(id);
    }

    /** Records a cycle, with its step if that was taken; returns what is known of the history now. */
    History record(Accepted accepted, Result result, Instant now) {
        EnsembleId id = accepted.id();
        Kept before = kept.getOrDefault(id, Kept.NOTHING);
        Kept read = before.stored().isEmpty() ? read(id, before, now) : before;
        if (read.stored().isPresent()) {
            Kept changed = read.with(read.current().after(cycle(accepted, result, now)));
            kept.put(id, changed.isToBeWritten() ? write(id, changed, now) : changed);
            return changed.current();
        }
        kept.put(id, read);
        return read.current();
    }

    private Kept read(EnsembleId id, Kept before, Instant now) {
        if (now.isBefore(before.pausedUntil())) {
            return before;
        }
        try {
            return Kept.stored(store.history(id));
        } catch (RetryLaterException e) {
            return before.failedAt(now);
        }
    }

    private Kept write(EnsembleId id, Kept changed, Instant now) {
        if (now.isBefore(changed.pausedUntil())) {
            return changed;
        }
        try {
            store.writeHistory(id, changed.stored().orElseThrow(), changed.current());
            return Kept.stored(changed.current());
        } catch (ChangedMeanwhileException e) {
            // Another daemon continues the history: what it wrote is read with the next cycle.
            return Kept.NOTHING;
        } catch (RetryLaterException e) {
            return changed.failedAt(now);
        }
    }

    private static RecordedCycle cycle(Accepted accepted, Result result, Instant now) {
        return new RecordedCycle(
                accepted.source().map(SourceStatus::commit).orElse(""),
                accepted.generation(),
                result.observed(),
                result.attempt()
                        .filter(attempt -> attempt.outcome().isApplied())
                        .map(HistoryRecorder::taken),
                held(result),
                result.decision().isDone(),
                now);
    }

    private static Taken taken(Attempt attempt) {
        return new Taken(attempt.step(), attempt.reason(), attempt.began(), attempt.ended());
    }

    /** The gate that the status reports: it may have been closed by the rollout, the platform or a failed sanity test. */
    private static Optional<Held> held(Result result) {
        RolloutStatus rollout = result.status().rollout();
        return Optional.ofNullable(rollout)
                .flatMap(reported -> Optional.ofNullable(reported.gate()))
                .flatMap(Gate::named)
                .map(gate -> new Held(gate, rollout.reason(), result.stalled()));
    }
}
