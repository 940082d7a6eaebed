package dev.ensembled.daemon;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;

/** Opens what ensembles run on. */
@ApplicationScoped
public class WorldFactory {

    /**
     * Opens the world that the settings name.
     *
     * @throws IllegalArgumentException if the settings make no sense
     * @throws IOException if it cannot be used
     */
    World open(Settings settings, Clock clock) throws IOException {
        return switch (settings.platform()) {
            case KUBERNETES -> KubernetesWorld.open(settings, clock);
            case LOCAL -> LocalWorld.open(settings, clock);
        };
    }
}
