package dev.ensembled.health;

import dev.ensembled.daemon.Daemon;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Checks whether this replica may act: its configuration is valid, and the platform can be reached. */
@Readiness
public class Ready implements HealthCheck {
    private final Daemon daemon;

    Ready(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> problem = daemon.problem();
        return problem.map(what -> HealthCheckResponse.named("may-act")
                        .withData("reason", what)
                        .down()
                        .build())
                .orElseGet(() -> HealthCheckResponse.up("may-act"));
    }
}
