package dev.ensembled.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The name with which this daemon marks the ensembles that it accepts. */
final class Installation {
    private static final Path NAMESPACE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");
    private static final String ALONE = "ensembled";

    private Installation() {}

    /** Returns the configured name; otherwise the namespace in which the daemon runs; outside a cluster, a fixed name. */
    static String name(Settings settings) {
        return settings.installation()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .or(Installation::namespace)
                .orElse(ALONE);
    }

    /** Returns the namespace in which the daemon runs; empty outside a cluster. */
    static Optional<String> namespace() {
        try {
            return Optional.of(Files.readString(NAMESPACE).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
