package dev.ensembled.health;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.forge.ForgeReporter;
import io.smallrye.health.api.Wellness;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Checks whether the last request to the forge succeeded; no ensemble depends on it. */
@Wellness
public class ForgeCheck implements HealthCheck {
    private final Daemon daemon;

    ForgeCheck(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<ForgeReporter.Failure> failure = daemon.forgeFailure();
        return failure.map(last -> HealthCheckResponse.named("forge")
                        .down()
                        .withData("what", last.what())
                        .withData("since", last.since().toString())
                        .withData("do", last.toDo())
                        .build())
                .orElseGet(() -> HealthCheckResponse.up("forge"));
    }
}
