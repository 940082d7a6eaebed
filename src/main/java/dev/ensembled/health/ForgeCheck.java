package dev.ensembled.health;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.forge.ForgeReporter;
import io.smallrye.health.api.Wellness;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Checks whether the last request to the forge of each source succeeded; no ensemble depends on it. */
@Wellness
public class ForgeCheck implements HealthCheck {
    private final Daemon daemon;

    ForgeCheck(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        Map<String, ForgeReporter.Failure> failures = daemon.forgeFailures();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("forge");
        failures.forEach((source, last) -> {
            String prefix = daemon.sources().size() == 1 ? "" : source + ".";
            response.withData(prefix + "what", last.what())
                    .withData(prefix + "since", last.since().toString())
                    .withData(prefix + "do", last.toDo());
        });
        return response.status(failures.isEmpty()).build();
    }
}
