package dev.ensembled.rolloutlog;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.progress.ProgressTracker;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Begins to log when the daemon is assembled. */
@ApplicationScoped
public class LogAtStart {
    private final Daemon daemon;

    LogAtStart(Daemon daemon) {
        this.daemon = daemon;
    }

    void start(@Observes @Priority(2) StartupEvent event) {
        daemon.listen(new ProgressTracker(new RolloutLog()));
    }
}
