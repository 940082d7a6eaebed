package dev.ensembled.health;

import dev.ensembled.daemon.Daemon;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Fails when a loop or a worker of this process is wedged, which only a restart can fix. A failure of an ensemble, of Git
 * or of the API server is not reported here, because a restart would not fix it.
 */
@Liveness
public class Live implements HealthCheck {
    private final Daemon daemon;

    Live(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> wedged = daemon.wedged();
        return wedged.map(what -> HealthCheckResponse.named("loops")
                        .withData("wedged", what)
                        .down()
                        .build())
                .orElseGet(() -> HealthCheckResponse.up("loops"));
    }
}
