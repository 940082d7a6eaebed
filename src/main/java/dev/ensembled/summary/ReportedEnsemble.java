package dev.ensembled.summary;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import java.util.Optional;

/** What a summary needs of an ensemble, wherever it was read. */
public interface ReportedEnsemble {
    EnsembleId id();

    /** The generation of the accepted spec. */
    long generation();

    EnsembleStatus status();

    /** The requests that people made. */
    Requests requests();

    boolean pausedBySpec();

    /** Returns an accepted spec with this status, which may be newer than its own. */
    static ReportedEnsemble of(Accepted accepted, EnsembleStatus status) {
        return new ReportedEnsemble() {
            @Override
            public EnsembleId id() {
                return accepted.id();
            }

            @Override
            public long generation() {
                return accepted.generation();
            }

            @Override
            public EnsembleStatus status() {
                return status;
            }

            @Override
            public Requests requests() {
                return accepted.requests();
            }

            @Override
            public boolean pausedBySpec() {
                return accepted.spec().rollout().paused();
            }
        };
    }

    /** Whether the status was computed for the accepted spec. */
    default boolean statusIsCurrent() {
        return status().observedGeneration() != null && status().observedGeneration() == generation();
    }

    /** The condition of this type; empty if it is not reported. */
    default Optional<Condition> condition(String type) {
        return status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** Whether a condition is reported as true. */
    default boolean is(String type) {
        return status().isTrue(type);
    }
}
