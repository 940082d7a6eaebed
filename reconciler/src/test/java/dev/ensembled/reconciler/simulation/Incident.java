package dev.ensembled.reconciler.simulation;

/**
 * Something that happens to the world, or to a call of the daemon, at a time.
 *
 * @param at milliseconds since the history began
 * @param member whom it happens to, where it happens to a member
 * @param lasting milliseconds, where it ends by itself
 */
record Incident(long at, Kind kind, int member, long lasting) {

    /** Who causes it. */
    enum Cause {
        /** People, by Git. */
        PUSH,
        /** People or machines, past ensembled, to one member. */
        MEMBER,
        /** People or machines, past ensembled, to objects or to all members. */
        OBJECTS,
        /** A call of the daemon fails, or the daemon ends. */
        CALL
    }

    enum Kind {
        PUSH_CONFIG(Cause.PUSH, "somebody pushes another configuration"),
        PUSH_IMAGE(Cause.PUSH, "somebody pushes another image"),
        PUSH_BAD_IMAGE(Cause.PUSH, "somebody pushes an image that cannot be pulled"),
        PUSH_BAD_CONFIG(Cause.PUSH, "somebody pushes a configuration with which no server finds its peers"),
        PUSH_CRASHING(Cause.PUSH, "somebody pushes a heap that is too small to start"),
        PUSH_SERVICE(Cause.PUSH, "somebody pushes what no pod needs"),
        PUSH_PAUSE(Cause.PUSH, "somebody pushes a pause, or its end"),
        PUSH_VOTERS(Cause.PUSH, "somebody pushes another number of voters"),
        REVERT(Cause.PUSH, "somebody reverts the last push"),
        KILL_POD(Cause.MEMBER, "somebody deletes the pod of"),
        CRASH(Cause.MEMBER, "the container crashes of"),
        FREEZE(Cause.MEMBER, "nothing runs any more in"),
        UNREADABLE(Cause.MEMBER, "no answer reaches the daemon from"),
        PARTITION(Cause.MEMBER, "its peers no longer reach"),
        RECONFIG(Cause.MEMBER, "somebody reconfigures the ensemble, and last to know is"),
        LOSE_DATA(Cause.OBJECTS, "somebody restores old backups and deletes all pods"),
        FOREIGN_BUDGET(Cause.OBJECTS, "somebody adds a budget that allows nothing"),
        EXHAUSTED_BUDGET(Cause.OBJECTS, "the budget allows nothing"),
        DRIFT_SERVICE(Cause.OBJECTS, "somebody edits the Service"),
        DRIFT_TEMPLATE(Cause.OBJECTS, "somebody edits the StatefulSet's template"),
        DELETE_BUDGET(Cause.OBJECTS, "somebody deletes the budget"),
        EDIT_SPEC(Cause.OBJECTS, "somebody edits the spec in the store"),
        CACHE_LAG(Cause.CALL, "the caches of the daemon lag behind"),
        KILL_BEFORE(Cause.CALL, "the daemon is killed before its next call"),
        KILL_AFTER(Cause.CALL, "the daemon is killed after its next call"),
        KILL_AFTER_ACT(Cause.CALL, "the daemon is killed after its next step, before it can report it"),
        RETRY_BEFORE(Cause.CALL, "the next call does not get through"),
        RETRY_AFTER(Cause.CALL, "the answer to the next call is lost"),
        RETRY_AFTER_ACT(Cause.CALL, "the answer to the next step is lost"),
        CONFLICT(Cause.CALL, "the next step meets a conflict");

        private final Cause cause;
        private final String words;

        Kind(Cause cause, String words) {
            this.cause = cause;
            this.words = words;
        }

        boolean ofMember() {
            return cause == Cause.MEMBER;
        }
    }

    /** Whether neither a push nor a call of the daemon is what it happens to. */
    boolean outside() {
        return kind.cause == Cause.MEMBER || kind.cause == Cause.OBJECTS;
    }

    boolean is(Cause cause) {
        return kind.cause == cause;
    }

    @Override
    public String toString() {
        return kind.words
                + (kind.ofMember() ? " member " + member : "")
                + (lasting > 0 ? " for " + lasting + " ms" : "");
    }
}
