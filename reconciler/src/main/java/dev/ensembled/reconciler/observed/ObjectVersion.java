package dev.ensembled.reconciler.observed;

/**
 * Which object was observed, in which version: the precondition of a write that was decided on it.
 *
 * @param uid of the object; empty if there was none, or if objects of the platform have none
 * @param content changes with everything but the status of the object
 */
public record ObjectVersion(String uid, String content) {
    /** There was no object. */
    public static final ObjectVersion NONE = new ObjectVersion("", "");

    /** Whether there was an object. */
    public boolean exists() {
        return !uid.isEmpty();
    }
}
