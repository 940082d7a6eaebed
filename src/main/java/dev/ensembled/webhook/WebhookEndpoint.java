package dev.ensembled.webhook;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.daemon.Settings;
import dev.ensembled.git.settings.MountedFile;
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
    /** The name of the only source, until there are several. */
    private static final String SOURCE = "default";
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
        LOG.infof("webhooks are received port=%d path=/hooks/%s", port, SOURCE);
    }

    private Optional<HookedSource> source(String name) {
        return settings.git()
                .uri()
                .filter(uri -> !uri.isBlank() && name.equals(SOURCE))
                .map(uri -> hooked(settings.git()));
    }

    private HookedSource hooked(Settings.Git git) {
        return new HookedSource(
                new MountedFile("webhook secret", git.credentials().resolve("webhook-secret")),
                daemon::follows,
                daemon::fetchNow,
                daemon::planPullRequests);
    }

    void stop(@Observes ShutdownEvent event) {
        if (listener != null) {
            listener.close();
        }
    }
}
