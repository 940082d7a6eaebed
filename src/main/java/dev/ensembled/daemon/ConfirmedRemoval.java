package dev.ensembled.daemon;

import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Finds the removals that a person has confirmed, and that the Git source has not made yet. */
record ConfirmedRemoval(EnsembleStore store) {
    private static final Logger LOG = Logger.getLogger(ConfirmedRemoval.class);

    /** Whether the Git source has to compare the commit again for this ensemble, after a cycle with this result. */
    boolean isWaiting(EnsembleId id, ReconcileResult latest) {
        Optional<String> commit = latest.result()
                .flatMap(result -> Optional.ofNullable(result.status().source()))
                .flatMap(source -> Optional.ofNullable(source.removal()))
                .map(PendingRemoval::commit);
        try {
            return commit.isPresent()
                    && store.get(id)
                            .flatMap(accepted -> accepted.requests().confirmedRemoval())
                            .filter(commit.get()::equals)
                            .isPresent();
        } catch (RetryLaterException e) {
            LogEntry.of("cannot read the confirmation, read again after the next cycle")
                    .with(LogKey.ENSEMBLE, id)
                    .debug(LOG);
            return false;
        }
    }
}
