package dev.ensembled.daemon;

import dev.ensembled.driver.Driver;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import org.jboss.logging.Logger;

/**
 * Begins to act when this replica leads, on a thread of its own; until it is done, nothing is changed.
 *
 * <ol>
 *   <li>Wait until the whole store has been read: a spec must not look new only because it was not read yet.
 *   <li>Catch up with what the replica that led before may have written last.
 *   <li>Run the cycles.
 *   <li>Follow the Git sources, and report to the forges.
 * </ol>
 */
final class Takeover {
    private static final Logger LOG = Logger.getLogger(Takeover.class);
    private static final long POLL_MILLIS = 50;
    private static final long AGAIN_MILLIS = 1000;

    private final PlatformRuntime runtime;
    private final Driver driver;
    private final Sources sources;
    private final ForgeReporters forges;

    Takeover(PlatformRuntime runtime, Driver driver, Sources sources, ForgeReporters forges) {
        this.runtime = runtime;
        this.driver = driver;
        this.sources = sources;
        this.forges = forges;
    }

    /** Returns at once. */
    void begin() {
        Thread thread = new Thread(this::run, "takeover");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!runtime.complete()) {
                Thread.sleep(POLL_MILLIS);
            }
            while (!caughtUp()) {
                Thread.sleep(AGAIN_MILLIS);
            }
            driver.lead();
            sources.start();
            forges.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean caughtUp() {
        try {
            runtime.catchUp();
            return true;
        } catch (RetryLaterException e) {
            LogEntry.of("cannot take over yet, retrying")
                    .with(LogKey.REASON, e.getMessage())
                    .warn(LOG);
            return false;
        }
    }
}
