package dev.ensembled.git;

import dev.ensembled.reconciler.accept.Origin;
import java.util.Objects;
import java.util.Set;

/**
 * The place of a source among the sources of its daemon.
 *
 * @param origin its identity, which is recorded with each ensemble
 * @param namespaces the namespaces that it may touch; empty for all that the installation may manage
 * @param definitions what the sources of the daemon define
 */
public record SourceScope(Origin origin, Set<String> namespaces, SharedDefinitions definitions) {
    public SourceScope {
        Objects.requireNonNull(origin, "origin");
        namespaces = Set.copyOf(namespaces);
        Objects.requireNonNull(definitions, "definitions");
    }

    /** The scope of the only source of a daemon. */
    public static SourceScope alone(Origin origin) {
        return new SourceScope(origin, Set.of(), new SharedDefinitions());
    }
}
