package dev.ensembled.daemon;

import dev.ensembled.notification.Notifier;
import dev.ensembled.notification.RolloutNotifications;
import dev.ensembled.progress.ProgressTracker;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.Map;

/** Sends notifications, if the settings name receivers, from the time at which the daemon is assembled. */
@ApplicationScoped
public class Notifications {
    private static final int AFTER_THE_DAEMON = 2;

    private final Settings settings;
    private final Daemon daemon;
    private Notifier notifier;

    Notifications(Settings settings, Daemon daemon) {
        this.settings = settings;
        this.daemon = daemon;
    }

    void start(@Observes @Priority(AFTER_THE_DAEMON) StartupEvent event) {
        if (daemon.runs() && !daemon.receivers().isEmpty()) {
            Clock clock = Clock.systemUTC();
            notifier = new Notifier(daemon.receivers(), Installation.name(settings), clock);
            daemon.listen(new ProgressTracker(new RolloutNotifications(notifier, clock)));
        }
    }

    /** Returns how many notifications wait, by the names of their receivers. */
    public Map<String, Integer> waiting() {
        return notifier == null ? Map.of() : notifier.waiting();
    }

    void stop(@Observes ShutdownEvent event) {
        if (notifier != null) {
            notifier.close();
        }
    }
}
