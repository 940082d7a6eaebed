package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The accepted specs with their status; survives an outage of Git and of the daemon. Used by many threads.
 *
 * <p>Every call may throw {@link RetryLaterException}.
 */
public interface EnsembleStore extends SourceChanges {

    /**
     * An accepted spec.
     *
     * @param generation grows with each change of the spec
     * @param source the source from which it was accepted; empty if it is not from the Git source of ensembled
     * @param edited whether the stored spec differs from what its source had stored
     * @param requests requests of people beside the spec
     * @param status as last written
     */
    record Accepted(
            EnsembleId id,
            EnsembleSpec spec,
            long generation,
            Optional<SourceStatus> source,
            boolean edited,
            Requests requests,
            EnsembleStatus status) {

        /** Returns the same with this status, after it was written. */
        Accepted reported(EnsembleStatus written) {
            return new Accepted(id, spec, generation, source, edited, requests, written);
        }
    }

    /** All accepted specs, including orphaned ones. */
    List<Accepted> list();

    /**
     * Ensembles that are stored, and whose entry cannot be read: {@link #get} reports why. They are not in the list,
     * and nothing may be concluded from that.
     */
    default Set<EnsembleId> unreadable() {
        return Set.of();
    }

    Optional<Accepted> get(EnsembleId id);

    /** Why the store would refuse this spec, as {@link #accept} does; empty if it would not. Writes nothing. */
    default Optional<String> refusal(EnsembleId id, EnsembleSpec spec) {
        return Optional.empty();
    }

    /**
     * The changes of a source that were decided on these ensembles. Each change throws {@link ChangedMeanwhileException}
     * if its ensemble is no longer as it was read: if its spec or its source differs, or if it was not in the list and is
     * now. A store with one writer need not check that.
     *
     * @param read what {@link #list} returned
     */
    default SourceChanges decidedOn(List<Accepted> read) {
        return this;
    }

    /**
     * Replaces the status. A store with one writer need not check the precondition.
     *
     * @param before the status on which the new one is based
     * @throws ChangedMeanwhileException if the stored status is another one, or if there is none any more
     */
    void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus status);

    /** Publishes an event; losing one is no failure. */
    void publish(EnsembleId id, EnsembleEvent event);

    /**
     * The history of an ensemble, as last written; empty if there is none, or if what is stored cannot be read, which is
     * logged. For people only: nothing may be decided by it.
     */
    History history(EnsembleId id);

    /**
     * Keeps the history of an ensemble for as long as the ensemble exists; losing a write is no failure. A store with one
     * writer need not check the precondition.
     *
     * @param before the history on which the new one is based
     * @throws ChangedMeanwhileException if the stored history is another one
     */
    void writeHistory(EnsembleId id, History before, History history);
}
