package dev.ensembled.daemon;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;

/** Opens what ensembles run on. */
@ApplicationScoped
public class PlatformRuntimeFactory {

    /**
     * Opens the runtime that the settings name.
     *
     * @throws IllegalArgumentException if the settings make no sense
     * @throws IOException if it cannot be used
     */
    PlatformRuntime open(Settings settings, Clock clock) throws IOException {
        return switch (settings.platform()) {
            case KUBERNETES -> KubernetesRuntime.open(settings, clock);
            case LOCAL -> LocalRuntime.open(settings, clock);
        };
    }
}
