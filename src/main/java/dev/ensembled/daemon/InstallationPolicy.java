package dev.ensembled.daemon;

import dev.ensembled.reconciler.spec.validation.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Derives from the settings what this installation allows ensembles to do. */
final class InstallationPolicy {
    /** Present in every pod that has the token of a service account. */
    private static final Path OWN_NAMESPACE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

    private InstallationPolicy() {}

    static Policy of(Settings settings) {
        return of(settings, OWN_NAMESPACE);
    }

    static Policy of(Settings settings, Path ownNamespace) {
        return new Policy(
                settings.namespaces().orElse(Set.of()),
                read(ownNamespace),
                settings.podSecurity(),
                settings.jvmOptions(),
                settings.serviceAccounts().orElse(Set.of()),
                settings.secrets().orElse(Set.of()));
    }

    /** Returns the text of the file; empty outside a cluster. */
    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(name -> !name.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
