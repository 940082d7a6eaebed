package dev.ensembled.reconciler.simulation.history;

import static dev.ensembled.reconciler.simulation.history.EventType.ACCEPT_LOSS;
import static dev.ensembled.reconciler.simulation.history.EventType.ADD_FOREIGN_BUDGET;
import static dev.ensembled.reconciler.simulation.history.EventType.APPROVE;
import static dev.ensembled.reconciler.simulation.history.EventType.CLEAR_FILE;
import static dev.ensembled.reconciler.simulation.history.EventType.CLEAR_REPOSITORY;
import static dev.ensembled.reconciler.simulation.history.EventType.CORRUPT_DATA;
import static dev.ensembled.reconciler.simulation.history.EventType.CRASH_CONTAINER;
import static dev.ensembled.reconciler.simulation.history.EventType.DELETE_ALL_PODS;
import static dev.ensembled.reconciler.simulation.history.EventType.DELETE_BUDGET;
import static dev.ensembled.reconciler.simulation.history.EventType.DELETE_POD;
import static dev.ensembled.reconciler.simulation.history.EventType.DELETE_SECRET;
import static dev.ensembled.reconciler.simulation.history.EventType.DELETE_VOLUME;
import static dev.ensembled.reconciler.simulation.history.EventType.DELETE_VOLUMES;
import static dev.ensembled.reconciler.simulation.history.EventType.DRAIN_NODE;
import static dev.ensembled.reconciler.simulation.history.EventType.DROP_REQUEST;
import static dev.ensembled.reconciler.simulation.history.EventType.DROP_RESPONSE;
import static dev.ensembled.reconciler.simulation.history.EventType.DROP_RESPONSES;
import static dev.ensembled.reconciler.simulation.history.EventType.DROP_STEP_RESPONSE;
import static dev.ensembled.reconciler.simulation.history.EventType.EDIT_SERVICE;
import static dev.ensembled.reconciler.simulation.history.EventType.EDIT_STATEFUL_SET;
import static dev.ensembled.reconciler.simulation.history.EventType.EDIT_STORED_SPEC;
import static dev.ensembled.reconciler.simulation.history.EventType.EXHAUST_BUDGET;
import static dev.ensembled.reconciler.simulation.history.EventType.FAIL_PROBE;
import static dev.ensembled.reconciler.simulation.history.EventType.FILL_STORAGE;
import static dev.ensembled.reconciler.simulation.history.EventType.FREEZE_SERVER;
import static dev.ensembled.reconciler.simulation.history.EventType.GROW_DATA;
import static dev.ensembled.reconciler.simulation.history.EventType.KEEP_ROLE;
import static dev.ensembled.reconciler.simulation.history.EventType.KILL_DAEMON_AFTER_CALL;
import static dev.ensembled.reconciler.simulation.history.EventType.KILL_DAEMON_AFTER_STEP;
import static dev.ensembled.reconciler.simulation.history.EventType.KILL_DAEMON_BEFORE_CALL;
import static dev.ensembled.reconciler.simulation.history.EventType.LAG_CACHES;
import static dev.ensembled.reconciler.simulation.history.EventType.LOSE_NODE;
import static dev.ensembled.reconciler.simulation.history.EventType.PARTITION_LEARNER;
import static dev.ensembled.reconciler.simulation.history.EventType.PARTITION_MEMBER;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_APPROVAL;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_CONFIG;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_CONFIG_REFUSING_CLIENTS;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_CONFIG_REFUSING_WRITES;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_CONFIG_WITHOUT_PEERS;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_HAND_OFF;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_HEAP_TOO_SMALL;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_IMAGE;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_INVALID_DOCUMENT;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_MISLABELED_IMAGE;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_PASSWORD_ROTATION;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_PAUSE;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_SCALE;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_SERVICE;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_STORAGE;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_UNPULLABLE_IMAGE;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_VERSION;
import static dev.ensembled.reconciler.simulation.history.EventType.PUSH_WINDOWS;
import static dev.ensembled.reconciler.simulation.history.EventType.RECONCILE_NOW;
import static dev.ensembled.reconciler.simulation.history.EventType.RECONFIGURE_EXTERNALLY;
import static dev.ensembled.reconciler.simulation.history.EventType.RECREATE_ALL_OBJECTS;
import static dev.ensembled.reconciler.simulation.history.EventType.RECREATE_RESOURCE;
import static dev.ensembled.reconciler.simulation.history.EventType.REMOVE_DOCUMENT;
import static dev.ensembled.reconciler.simulation.history.EventType.REMOVE_FILE;
import static dev.ensembled.reconciler.simulation.history.EventType.REPORT_CONTRADICTION;
import static dev.ensembled.reconciler.simulation.history.EventType.REPORT_NOT_SERVING;
import static dev.ensembled.reconciler.simulation.history.EventType.REPORT_NOT_SERVING_UNTIL_RESTART;
import static dev.ensembled.reconciler.simulation.history.EventType.REPORT_STALE_ROLE;
import static dev.ensembled.reconciler.simulation.history.EventType.RESTORE_FILES;
import static dev.ensembled.reconciler.simulation.history.EventType.RESTORE_OLD_BACKUP;
import static dev.ensembled.reconciler.simulation.history.EventType.RETURN_CONFLICT;
import static dev.ensembled.reconciler.simulation.history.EventType.REVERT;
import static dev.ensembled.reconciler.simulation.history.EventType.STOP_LEADER_COMMITS;
import static dev.ensembled.reconciler.simulation.history.EventType.SWAP_VOLUME;
import static dev.ensembled.reconciler.simulation.history.EventType.TAKE_NODE_DOWN;

import java.util.EnumSet;
import java.util.Set;

/** The event types from which a history is drawn. A type that is listed several times is as many times as likely. */
final class EventPools {
    static final EventType[] GOOD_PUSHES = {PUSH_CONFIG, PUSH_IMAGE, PUSH_SCALE, PUSH_SCALE};
    static final EventType[] PUSHES = {
        PUSH_CONFIG,
        PUSH_CONFIG,
        PUSH_IMAGE,
        PUSH_UNPULLABLE_IMAGE,
        PUSH_CONFIG_WITHOUT_PEERS,
        PUSH_HEAP_TOO_SMALL,
        PUSH_CONFIG_REFUSING_CLIENTS,
        PUSH_CONFIG_REFUSING_WRITES,
        PUSH_SERVICE,
        PUSH_PAUSE,
        PUSH_WINDOWS,
        PUSH_APPROVAL,
        PUSH_HAND_OFF,
        PUSH_STORAGE,
        PUSH_MISLABELED_IMAGE,
        PUSH_VERSION,
        PUSH_VERSION,
        PUSH_SCALE,
        PUSH_SCALE,
        PUSH_SCALE,
        PUSH_SCALE,
        REVERT,
        REVERT,
        REVERT
    };
    static final EventType[] FAULTS = {
        DELETE_POD,
        DELETE_POD,
        CRASH_CONTAINER,
        CRASH_CONTAINER,
        FREEZE_SERVER,
        DROP_RESPONSES,
        DROP_RESPONSES,
        PARTITION_MEMBER,
        REPORT_NOT_SERVING,
        REPORT_NOT_SERVING_UNTIL_RESTART,
        REPORT_NOT_SERVING_UNTIL_RESTART,
        REPORT_CONTRADICTION,
        REPORT_STALE_ROLE,
        FAIL_PROBE,
        RECONFIGURE_EXTERNALLY,
        RECONFIGURE_EXTERNALLY,
        DELETE_VOLUME,
        DELETE_VOLUME,
        SWAP_VOLUME,
        CORRUPT_DATA,
        TAKE_NODE_DOWN,
        TAKE_NODE_DOWN,
        DRAIN_NODE,
        DRAIN_NODE,
        DELETE_ALL_PODS,
        RECREATE_RESOURCE,
        RECREATE_ALL_OBJECTS,
        STOP_LEADER_COMMITS,
        STOP_LEADER_COMMITS,
        ADD_FOREIGN_BUDGET,
        EXHAUST_BUDGET,
        EDIT_SERVICE,
        EDIT_STATEFUL_SET,
        DELETE_BUDGET,
        EDIT_STORED_SPEC
    };
    /** Faults that often end a history with a stall. */
    static final EventType[] RARE_FAULTS = {LOSE_NODE, DELETE_VOLUMES, RESTORE_OLD_BACKUP};

    /** Faults that are armed, and take effect at the next matching moment. */
    static final EventType[] ARMED_FAULTS = {PARTITION_LEARNER};

    static final EventType[] PASSWORD_EVENTS = {PUSH_PASSWORD_ROTATION, DELETE_SECRET, DELETE_SECRET};

    static final EventType[] DATA_GROWTH = {GROW_DATA};

    static final EventType[] STORAGE_FAILURE = {FILL_STORAGE};

    static final EventType[] STORAGE_PUSHES = {PUSH_STORAGE, REVERT};

    /** While one member is partitioned, the leader's count does not show that a misreporting member serves. */
    static final EventType[] LASTING_MISREPORTS = {REPORT_NOT_SERVING_UNTIL_RESTART};

    static final EventType[] PARTITIONS = {PARTITION_MEMBER};

    static final EventType[] CALL_FAULTS = {
        LAG_CACHES,
        KILL_DAEMON_BEFORE_CALL,
        KILL_DAEMON_AFTER_CALL,
        KILL_DAEMON_AFTER_STEP,
        DROP_REQUEST,
        DROP_RESPONSE,
        DROP_STEP_RESPONSE,
        RETURN_CONFLICT
    };

    static final EventType[] ROLE_FAULTS = {KEEP_ROLE};

    static final EventType[] SCALE_PUSHES = {PUSH_SCALE};

    static final EventType[] FILE_CHANGES = {
        PUSH_INVALID_DOCUMENT,
        PUSH_INVALID_DOCUMENT,
        REMOVE_DOCUMENT,
        REMOVE_DOCUMENT,
        REMOVE_FILE,
        CLEAR_FILE,
        CLEAR_REPOSITORY
    };

    static final EventType[] FILE_REPAIRS = {RESTORE_FILES, PUSH_CONFIG, PUSH_INVALID_DOCUMENT, REMOVE_DOCUMENT};

    static final EventType[] REQUESTS = {APPROVE, RECONCILE_NOW, ACCEPT_LOSS};

    /** Event types whose effect ends after a duration. */
    static final Set<EventType> LASTING = EnumSet.of(
            FREEZE_SERVER,
            DROP_RESPONSES,
            PARTITION_MEMBER,
            REPORT_NOT_SERVING,
            REPORT_CONTRADICTION,
            REPORT_STALE_ROLE,
            FAIL_PROBE,
            RECONFIGURE_EXTERNALLY,
            TAKE_NODE_DOWN,
            DRAIN_NODE,
            RECREATE_RESOURCE,
            RECREATE_ALL_OBJECTS,
            ADD_FOREIGN_BUDGET,
            EXHAUST_BUDGET,
            EDIT_STORED_SPEC,
            CRASH_CONTAINER,
            PARTITION_LEARNER,
            KEEP_ROLE,
            LAG_CACHES);

    private EventPools() {}
}
