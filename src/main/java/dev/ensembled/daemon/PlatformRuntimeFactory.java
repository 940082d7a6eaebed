package dev.ensembled.daemon;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;

/** Opens the platform on which ensembles run. */
@ApplicationScoped
public class PlatformRuntimeFactory {

    /**
     * Opens the runtime that the settings name.
     *
     * @throws IllegalArgumentException if the settings are invalid
     * @throws IOException if the runtime cannot be used
     */
    PlatformRuntime open(Settings settings, Clock clock) throws IOException {
        return switch (settings.platform()) {
            case KUBERNETES -> KubernetesRuntime.open(settings, clock);
            case LOCAL -> LocalRuntime.open(settings, clock);
        };
    }
}
