package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a source must consider beside its own commit.
 *
 * @param namespaces the namespaces that the source may touch; empty for all that the installation may manage
 * @param definitions the ensembles that other sources of the installation name
 */
public record SourceContext(Set<String> namespaces, Map<EnsembleId, Definition> definitions) {
    /** Of a source that is alone and may touch all namespaces. */
    public static final SourceContext NONE = new SourceContext(Set.of(), Map.of());

    public SourceContext {
        namespaces = Set.copyOf(namespaces);
        definitions = Map.copyOf(definitions);
    }

    boolean mayTouch(EnsembleId id) {
        return namespaces.isEmpty() || namespaces.contains(id.namespace());
    }

    Optional<Definition> elsewhere(EnsembleId id) {
        return Optional.ofNullable(definitions.get(id));
    }
}
