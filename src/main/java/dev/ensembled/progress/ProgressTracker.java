package dev.ensembled.progress;

import dev.ensembled.driver.Driver;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Keeps the progress of each ensemble while it exists. An ensemble that was settled when the process started, and stays so,
 * causes no change. Never throws. Thread-safe.
 */
public final class ProgressTracker implements Driver.Listener {
    private static final Logger LOG = Logger.getLogger(ProgressTracker.class);

    /** Longer than an election takes, and a server needs to come back after a crash on a cluster that has room for it. */
    private static final Duration DEGRADED_AFTER = Duration.ofSeconds(30);

    private final Map<EnsembleId, Progress> ensembles = new ConcurrentHashMap<>();
    private final ProgressListener listener;
    private final Duration degradedAfter;

    public ProgressTracker(ProgressListener listener) {
        this(listener, DEGRADED_AFTER);
    }

    /** Creates a tracker that reports an ensemble as degraded after another time. */
    ProgressTracker(ProgressListener listener, Duration degradedAfter) {
        this.listener = listener;
        this.degradedAfter = degradedAfter;
    }

    @Override
    public void seen(EnsembleId id, ReconcileResult latest) {
        if (latest.failure().isEmpty() && latest.result().isPresent()) {
            try {
                ensembles.computeIfAbsent(id, this::first).seen(latest.result().get(), latest.since());
            } catch (RuntimeException e) {
                LogEntry.of("deriving the progress failed")
                        .with(LogKey.ENSEMBLE, id)
                        .log(LOG, Logger.Level.ERROR, e);
            }
        }
    }

    private Progress first(EnsembleId id) {
        listener.firstSeen(id);
        return new Progress(id, listener, degradedAfter);
    }

    @Override
    public void gone(EnsembleId id) {
        if (ensembles.remove(id) != null) {
            listener.removed(id);
        }
    }
}
