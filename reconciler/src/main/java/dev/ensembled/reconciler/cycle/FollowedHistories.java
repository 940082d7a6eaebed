package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The histories that another replica writes. Each is read when the status has changed, and once more after that, since it is
 * written after the status: a settled ensemble costs no reads. Thread-safe for different ensembles.
 */
final class FollowedHistories {
    private final EnsembleStore store;
    private final Map<EnsembleId, Read> reads = new ConcurrentHashMap<>();

    /**
     * The last read of a history.
     *
     * @param again whether it was the first one since the status changed
     */
    private record Read(EnsembleStatus status, History history, boolean again) {}

    FollowedHistories(EnsembleStore store) {
        this.store = store;
    }

    /** Returns the history as it is known; empty as long as it cannot be read. */
    History of(Accepted accepted) {
        Read last = reads.get(accepted.id());
        boolean changed = last == null || !last.status().equals(accepted.status());
        if (changed || last.again()) {
            try {
                last = new Read(accepted.status(), store.history(accepted.id()), changed);
                reads.put(accepted.id(), last);
            } catch (RetryLaterException e) {
                return last == null ? History.EMPTY : last.history();
            }
        }
        return last.history();
    }

    void forget(EnsembleId id) {
        reads.remove(id);
    }
}
