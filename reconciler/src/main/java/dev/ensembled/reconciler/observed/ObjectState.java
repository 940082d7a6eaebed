package dev.ensembled.reconciler.observed;

import java.util.List;

/**
 * How one wanted object differs from the object that exists.
 *
 * @param kind of the object, such as StatefulSet
 * @param name of the object
 * @param state what has to be done about it
 * @param fields the paths that differ, for people; empty when the object is missing or current
 * @param changedBy the field manager that changed it, if it is known and is not ensembled; otherwise empty
 * @param version of the object that was observed
 */
public record ObjectState(
        String kind, String name, State state, List<String> fields, String changedBy, ObjectVersion version) {
    public ObjectState {
        fields = List.copyOf(fields);
    }

    /** Creates the state of an object that does not exist, or whose platform has no versions of objects. */
    public ObjectState(String kind, String name, State state, List<String> fields, String changedBy) {
        this(kind, name, state, fields, changedBy, ObjectVersion.NONE);
    }

    /** Returns the same, observed in this version. */
    public ObjectState in(ObjectVersion observed) {
        return new ObjectState(kind, name, state, fields, changedBy, observed);
    }

    /** What has to be done about an object. */
    public enum State {
        /** As wanted. */
        CURRENT,
        /** It does not exist and never did, as far as is known. */
        MISSING,
        /** The spec is newer than the object. */
        OUTDATED,
        /** Another manager changed or deleted what ensembled had applied. */
        DRIFTED,
        /** As wanted, except for fields that only change when it is recreated, such as the size in claim templates. */
        LAGGING,
        /** Created by ensembled, and no longer wanted. */
        SURPLUS,
        /** In a drift conflict: another manager keeps overwriting it. It is left alone for some time, and reported. */
        DRIFT_CONFLICT
    }

    /** {@code Kind/name}. */
    public String label() {
        return kind + "/" + name;
    }
}
