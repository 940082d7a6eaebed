package dev.ensembled.webhook;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.daemon.Settings;
import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Opens the port for webhooks if the settings name one. */
@ApplicationScoped
public class WebhookEndpoint {
    private static final Logger LOG = Logger.getLogger(WebhookEndpoint.class);
    /** Before the daemon, so that a port that is in use prevents the start before anything else happens. */
    private static final int BEFORE_THE_DAEMON = 0;

    private final Settings settings;
    private final Daemon daemon;
    private final Vertx vertx;
    private WebhookListener listener;

    WebhookEndpoint(Settings settings, Daemon daemon, Vertx vertx) {
        this.settings = settings;
        this.daemon = daemon;
        this.vertx = vertx;
    }

    void start(@Observes @Priority(BEFORE_THE_DAEMON) StartupEvent event) throws IOException, InterruptedException {
        if (settings.webhook().port().isEmpty()) {
            return;
        }
        listener = new WebhookListener(vertx, this::source, Limits.DEFAULT, Clock.systemUTC());
        int port = listener.listen(settings.webhook().port().getAsInt());
        LogEntry.of("webhooks are received")
                .with(LogKey.PORT, port)
                .with(LogKey.PATH, "/hooks/NAME")
                .info(LOG);
    }

    private Optional<HookedSource> source(String name) {
        return daemon.credentials(name)
                .map(directory -> new HookedSource(
                        new MountedFile("webhook secret", directory.resolve("webhook-secret")),
                        ref -> daemon.follows(name, ref),
                        () -> daemon.fetchNow(name),
                        () -> daemon.planPullRequests(name)));
    }

    void stop(@Observes ShutdownEvent event) {
        if (listener != null) {
            listener.close();
        }
    }
}
