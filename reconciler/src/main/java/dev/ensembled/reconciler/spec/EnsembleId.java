package dev.ensembled.reconciler.spec;

import java.util.Objects;

/** Names one ensemble: the key of the work queue, of the store and of every report. */
public record EnsembleId(String namespace, String name) implements Comparable<EnsembleId> {
    public EnsembleId {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
    }

    @Override
    public int compareTo(EnsembleId other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** As people write it: {@code namespace/name}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
