package dev.ensembled.reconciler.simulation.history;

/** The types of events in a history. */
public enum EventType {
    PUSH_CONFIG(Category.COMMIT, "push a changed configuration"),
    PUSH_IMAGE(Category.COMMIT, "push another image"),
    PUSH_UNPULLABLE_IMAGE(Category.COMMIT, "push an image that cannot be pulled"),
    PUSH_MISLABELED_IMAGE(Category.COMMIT, "push an image whose servers run another version than the spec says"),
    PUSH_CONFIG_WITHOUT_PEERS(Category.COMMIT, "push a configuration with which servers cannot reach each other"),
    PUSH_CONFIG_REFUSING_CLIENTS(Category.COMMIT, "push a configuration that refuses the sanity test"),
    PUSH_CONFIG_REFUSING_WRITES(Category.COMMIT, "push a configuration with which a leader refuses the sanity test"),
    PUSH_HEAP_TOO_SMALL(Category.COMMIT, "push a heap with which servers crash"),
    PUSH_SERVICE(Category.COMMIT, "push a change that affects no pod"),
    PUSH_PAUSE(Category.COMMIT, "push rollout.paused, inverted"),
    PUSH_WINDOWS(Category.COMMIT, "push rollout.windows, or remove them"),
    PUSH_APPROVAL(Category.COMMIT, "push rollout.approval"),
    PUSH_HAND_OFF(Category.COMMIT, "push rollout.handOffLeader, inverted"),
    PUSH_STORAGE(Category.COMMIT, "push a larger storage.size"),
    PUSH_VERSION(Category.COMMIT, "push version %s"),
    PUSH_PASSWORD_ROTATION(Category.COMMIT, "push a rotation of the super user's password"),
    PUSH_SCALE(Category.COMMIT, "push %d voters and %d observers"),
    REVERT(Category.COMMIT, "revert the last push"),
    PUSH_INVALID_DOCUMENT(Category.COMMIT, "push an invalid document, and other specs next to it (variant %d)"),
    REMOVE_DOCUMENT(Category.COMMIT, "remove one document from the repository (variant %d)"),
    REMOVE_FILE(Category.COMMIT, "remove one file from the repository (variant %d)"),
    CLEAR_FILE(Category.COMMIT, "remove the content of one file in the repository (variant %d)"),
    CLEAR_REPOSITORY(Category.COMMIT, "remove all files from the repository"),
    RESTORE_FILES(Category.COMMIT, "push all documents as valid ones again"),
    APPROVE(Category.REQUEST, "approve the restarts"),
    RECONCILE_NOW(Category.REQUEST, "request to reconcile now"),
    ACCEPT_LOSS(Category.REQUEST, "accept the data loss"),
    DELETE_POD(Category.MEMBER, "delete the pod of member %d"),
    CRASH_CONTAINER(Category.MEMBER, "crash the container of member %d"),
    FREEZE_SERVER(Category.MEMBER, "freeze the processes of member %d"),
    DROP_RESPONSES(Category.MEMBER, "drop the responses of member %d to the daemon"),
    REPORT_NOT_SERVING(Category.MEMBER, "make member %d report that it does not serve, although it does"),
    REPORT_NOT_SERVING_UNTIL_RESTART(
            Category.MEMBER, "make member %d report to daemon and probe that it does not serve, until it restarts"),
    REPORT_CONTRADICTION(Category.MEMBER, "make the responses of member %d contradict each other"),
    REPORT_STALE_ROLE(Category.MEMBER, "make member %d report another role than it has"),
    FAIL_PROBE(Category.MEMBER, "fail the readiness probe of member %d"),
    PARTITION_MEMBER(Category.MEMBER, "partition member %d from its peers"),
    RECONFIGURE_EXTERNALLY(Category.MEMBER, "commit the same members in a new config version, last known to member %d"),
    DELETE_VOLUME(Category.MEMBER, "delete the volume and the pod of member %d"),
    SWAP_VOLUME(Category.MEMBER, "attach the volume of another ensemble to member %d"),
    CORRUPT_DATA(Category.MEMBER, "corrupt the log of member %d and crash its container"),
    TAKE_NODE_DOWN(Category.MEMBER, "take down the node of member %d"),
    LOSE_NODE(Category.MEMBER, "take down the node of member %d forever"),
    DRAIN_NODE(Category.MEMBER, "drain the node of member %d"),
    DELETE_ALL_PODS(Category.CLUSTER, "delete all pods"),
    DELETE_VOLUMES(Category.CLUSTER, "delete volumes and pods of the members 1 to %d"),
    RESTORE_OLD_BACKUP(Category.CLUSTER, "restore old backups and delete all pods"),
    RECREATE_RESOURCE(Category.CLUSTER, "delete the resource and apply it again"),
    RECREATE_ALL_OBJECTS(Category.CLUSTER, "delete everything except the volumes and apply it again"),
    DELETE_SECRET(Category.CLUSTER, "delete the Secret of the super user"),
    STOP_LEADER_COMMITS(Category.CLUSTER, "the next reconfiguration leaves a non-committing leader (ZOOKEEPER-4708)"),
    KEEP_ROLE(Category.CLUSTER, "the next server whose role changes keeps its former role"),
    PARTITION_LEARNER(Category.CLUSTER, "partition the next learner before it becomes a member"),
    GROW_DATA(Category.CLUSTER, "grow the data so that a snapshot takes longer than the progress deadline"),
    FILL_STORAGE(Category.CLUSTER, "use up the space of the storage"),
    ADD_FOREIGN_BUDGET(Category.CLUSTER, "add a second disruption budget that allows no disruption"),
    EXHAUST_BUDGET(Category.CLUSTER, "let the disruption budget allow no disruption"),
    EDIT_SERVICE(Category.CLUSTER, "edit the Service"),
    EDIT_STATEFUL_SET(Category.CLUSTER, "edit the template of the StatefulSet"),
    DELETE_BUDGET(Category.CLUSTER, "delete the disruption budget"),
    EDIT_STORED_SPEC(Category.CLUSTER, "edit the stored spec"),
    LAG_CACHES(Category.CALL, "let the caches of the daemon lag"),
    KILL_DAEMON_BEFORE_CALL(Category.CALL, "kill the daemon before its next call"),
    KILL_DAEMON_AFTER_CALL(Category.CALL, "kill the daemon after its next call"),
    KILL_DAEMON_AFTER_STEP(Category.CALL, "kill the daemon after its next step, before it reports the step"),
    DROP_REQUEST(Category.CALL, "drop the next request of the daemon"),
    DROP_RESPONSE(Category.CALL, "drop the response to the next request"),
    DROP_STEP_RESPONSE(Category.CALL, "drop the response to the next step"),
    RETURN_CONFLICT(Category.CALL, "answer the next step with a conflict");

    /** What an event acts on. */
    public enum Category {
        /** The repository. */
        COMMIT,
        /** Annotations of the resource. */
        REQUEST,
        /** One member. */
        MEMBER,
        /** Objects, the storage, or all members. */
        CLUSTER,
        /** A call of the daemon, or the daemon itself. */
        CALL
    }

    private final Category category;
    private final String description;

    EventType(Category category, String description) {
        this.category = category;
        this.description = description;
    }

    public Category category() {
        return category;
    }

    /** The description with these arguments, of which a type without placeholders ignores all. */
    String describe(Object... arguments) {
        return description.formatted(arguments);
    }
}
