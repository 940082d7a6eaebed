package dev.ensembled.reconciler.observed;

import java.util.List;

/**
 * How one object that should exist differs from what exists.
 *
 * @param kind of the object, such as StatefulSet
 * @param name of the object
 * @param state what is to be done about it
 * @param fields the paths that differ, for people; empty when it is missing or current
 * @param changedBy who changed it, where that is known and it was not us; else empty
 */
public record ObjectState(String kind, String name, State state, List<String> fields, String changedBy) {
    public ObjectState {
        fields = List.copyOf(fields);
    }

    /** What is to be done about an object. */
    public enum State {
        /** As wanted. */
        CURRENT,
        /** Not there and never was, as far as we know. */
        MISSING,
        /** We changed our mind: the spec is newer than the object. */
        OUTDATED,
        /** Somebody else changed or deleted what we had applied. */
        DRIFTED,
        /** As wanted but for what can only be changed by making it anew, such as the size of a set's claims. */
        LAGGING,
        /** Ours, and no longer wanted. */
        SURPLUS,
        /** Somebody else keeps changing it back: left alone for a while, and reported. */
        CONTESTED
    }

    /** {@code Kind/name}. */
    public String label() {
        return kind + "/" + name;
    }
}
