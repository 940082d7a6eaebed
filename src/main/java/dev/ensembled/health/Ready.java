package dev.ensembled.health;

import dev.ensembled.daemon.Daemon;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Checks whether this replica may act, or could take over: its configuration is valid, the platform can be reached, and a leader
 * renews its lease.
 */
@Readiness
public class Ready implements HealthCheck {
    private final Daemon daemon;

    Ready(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("may-act");
        daemon.leader().ifPresent(leader -> response.withData("role", daemon.leads() ? "leader" : "follower")
                .withData("leader", leader));
        Optional<String> problem = daemon.problem();
        problem.ifPresent(what -> response.withData("reason", what));
        return response.status(problem.isEmpty()).build();
    }
}
