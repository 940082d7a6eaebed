package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleSpec;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import dev.ensembled.reconciler.spec.EnsembleStatus.SourceStatus;
import java.util.List;
import java.util.Optional;

/**
 * The accepted specs with their status; survives an outage of Git and of the daemon. Used by many threads.
 *
 * <p>Every call may throw {@link RetryLaterException}.
 */
public interface EnsembleStore {

    /**
     * An accepted spec.
     *
     * @param generation grows with each change of the spec
     * @param source where it came from; empty if not from our Git source
     * @param edited whether the stored spec is no longer what its source had put there
     * @param status as last written
     */
    record Accepted(
            EnsembleId id,
            EnsembleSpec spec,
            long generation,
            Optional<SourceStatus> source,
            boolean edited,
            EnsembleStatus status) {}

    List<Accepted> list();

    Optional<Accepted> get(EnsembleId id);

    void writeStatus(EnsembleId id, EnsembleStatus status);

    /** Publishes something that happened; losing one is no failure. */
    void publish(EnsembleId id, EnsembleEvent event);
}
