package dev.ensembled.reconciler.simulation;

/**
 * Something that happens to the world, or to a call of the daemon, at a time.
 *
 * @param at milliseconds since the history began
 * @param member whom it happens to, where it happens to a member; where it is one of many things, which
 * @param lasting milliseconds, where it ends by itself
 */
record Incident(long at, Kind kind, int member, long lasting) {
    static final int CHOICES = 18;
    private static final int[] VOTERS = {1, 3, 3, 5, 5, 7};
    private static final String[] VERSIONS = {"3.9.5", "3.9.4", "3.8.4"};

    /** Who causes it. */
    enum Cause {
        /** People, by Git. */
        PUSH,
        /** People, by an annotation. */
        REQUEST,
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
        PUSH_LYING_IMAGE(Cause.PUSH, "somebody pushes an image of another version than its name says"),
        PUSH_BAD_CONFIG(Cause.PUSH, "somebody pushes a configuration with which no server finds its peers"),
        PUSH_REFUSING(Cause.PUSH, "somebody pushes a configuration that refuses the sanity test"),
        PUSH_ENFORCING(Cause.PUSH, "somebody pushes a configuration with which a leader refuses the sanity test"),
        PUSH_CRASHING(Cause.PUSH, "somebody pushes a heap that is too small to start"),
        PUSH_SERVICE(Cause.PUSH, "somebody pushes what no pod needs"),
        PUSH_PAUSE(Cause.PUSH, "somebody pushes a pause, or its end"),
        PUSH_WINDOWS(Cause.PUSH, "somebody pushes maintenance windows, or their end"),
        PUSH_APPROVAL(Cause.PUSH, "somebody pushes that restarts have to be approved"),
        PUSH_HAND_OFF(Cause.PUSH, "somebody pushes that leaders hand over, or not"),
        PUSH_STORAGE(Cause.PUSH, "somebody pushes larger volumes"),
        PUSH_VERSION(Cause.PUSH, "somebody pushes ZooKeeper"),
        PUSH_ROTATION(Cause.PUSH, "somebody pushes another rotation of the super user's password"),
        PUSH_SCALE(Cause.PUSH, "somebody pushes"),
        REVERT(Cause.PUSH, "somebody reverts the last push"),
        APPROVE(Cause.REQUEST, "somebody approves the restarts"),
        RECONCILE_NOW(Cause.REQUEST, "somebody asks to reconcile now"),
        ACCEPT_LOSS(Cause.REQUEST, "somebody accepts that writes are lost"),
        KILL_POD(Cause.MEMBER, "somebody deletes the pod of"),
        CRASH(Cause.MEMBER, "the container crashes of"),
        FREEZE(Cause.MEMBER, "nothing runs any more in"),
        UNREADABLE(Cause.MEMBER, "no answer reaches the daemon from"),
        DENY(Cause.MEMBER, "wrong answers come from a server that serves: it does not, says"),
        DENY_TO_ALL(Cause.MEMBER, "wrong answers to the daemon and to the probe come for as long as it runs from"),
        CONTRADICT(Cause.MEMBER, "answers that contradict each other come from"),
        STALE_ROLE(Cause.MEMBER, "the name of another role than it has comes from"),
        FAIL_PROBE(Cause.MEMBER, "the probe fails of"),
        PARTITION(Cause.MEMBER, "its peers no longer reach"),
        RECONFIG(Cause.MEMBER, "somebody reconfigures the ensemble, and last to know is"),
        LOSE_DISK(Cause.MEMBER, "the volume and the pod are deleted of"),
        SWAP_DISK(Cause.MEMBER, "the volume of another ensemble is given to"),
        SPOIL_DISK(Cause.MEMBER, "the container crashes, and leaves a corrupt log to"),
        NODE_DOWN(Cause.MEMBER, "the node is gone of"),
        NODE_LOST(Cause.MEMBER, "the node is gone for ever of"),
        DRAIN(Cause.MEMBER, "somebody drains the node of"),
        DELETE_PODS(Cause.OBJECTS, "somebody deletes all pods"),
        LOSE_DISKS(Cause.OBJECTS, "somebody deletes all volumes and pods from member 1 to member"),
        LOSE_DATA(Cause.OBJECTS, "somebody restores old backups and deletes all pods"),
        LOSE_STATUS(Cause.OBJECTS, "somebody deletes the resource and applies it again"),
        REMAKE(Cause.OBJECTS, "somebody deletes everything but the volumes and applies it again"),
        LOSE_SECRET(Cause.OBJECTS, "somebody deletes the super user's Secret"),
        MUTE_LEADER(Cause.OBJECTS, "the next reconfiguration will leave a leader that commits nothing"),
        CUT_OFF_LEARNER(Cause.OBJECTS, "the next learner will be cut off before it is given its place,"),
        MUCH_DATA(Cause.OBJECTS, "the data has grown so much that to fetch it takes longer than a member may"),
        FULL_STORAGE(Cause.OBJECTS, "the storage has no space left"),
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

    /** Whether it happens past ensembled, and neither by Git nor by an annotation. */
    boolean outside() {
        return kind.ofMember() || kind.cause == Cause.OBJECTS;
    }

    boolean is(Cause cause) {
        return kind.cause == cause;
    }

    int voters() {
        return VOTERS[member % VOTERS.length];
    }

    int observers() {
        return member / VOTERS.length % 3;
    }

    String version() {
        return VERSIONS[member % VERSIONS.length];
    }

    @Override
    public String toString() {
        String what =
                switch (kind) {
                    case PUSH_SCALE -> " " + voters() + " voters and " + observers() + " observers";
                    case PUSH_VERSION -> " " + version();
                    case LOSE_DISKS -> " " + member;
                    default -> kind.ofMember() ? " member " + member : "";
                };
        return kind.words + what + (lasting > 0 ? " for " + lasting + " ms" : "");
    }
}
