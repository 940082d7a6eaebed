package dev.ensembled.reconciler.spec.model;

import java.util.Objects;

/** Identifies one ensemble: the key of the work queue, of the store and of every report. */
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

    /** The form that people use: {@code namespace/name}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
