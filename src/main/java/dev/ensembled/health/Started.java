package dev.ensembled.health;

import dev.ensembled.daemon.Daemon;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Checks whether the daemon has been assembled. */
@Startup
public class Started implements HealthCheck {
    private final Daemon daemon;

    Started(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("started").status(daemon.started()).build();
    }
}
