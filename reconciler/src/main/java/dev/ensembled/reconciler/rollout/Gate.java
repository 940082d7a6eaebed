package dev.ensembled.reconciler.rollout;

import java.util.Arrays;
import java.util.Optional;

/**
 * The conditions that can hold a rollout. While a gate is closed, no step that it guards is taken, and the status, the
 * events, the log, the health endpoints and the page show its name.
 */
public enum Gate {
    // The spec and its objects
    EDITED_SPEC("edited-spec", WaitsFor.CONTROLLERS),
    REFUSED("refused", WaitsFor.PEOPLE),
    REVISION("revision", WaitsFor.SERVERS),
    DRIFT_CONFLICT("drift-conflict", WaitsFor.PEOPLE),
    VOLUME_GROWTH("volume-growth", WaitsFor.CONTROLLERS),
    FOREIGN_OBJECT("foreign-object", WaitsFor.PEOPLE),
    IMMUTABLE_FIELD("immutable-field", WaitsFor.PEOPLE),
    REFUSED_BY_API("refused-by-api", WaitsFor.PEOPLE),
    VERSION("version", WaitsFor.PEOPLE),
    PLATFORM("platform", WaitsFor.PEOPLE),
    // The health of the ensemble
    UNKNOWN_MEMBER("unknown-member", WaitsFor.SERVERS),
    MEMBER_DOWN("member-down", WaitsFor.SERVERS),
    ONE_LEADER("one-leader", WaitsFor.SERVERS),
    CONFIG_VERSION("config-version", WaitsFor.SERVERS),
    MEMBER_ROLE("member-role", WaitsFor.SERVERS),
    DATA_LOST("data-lost", WaitsFor.PEOPLE),
    DATA_BEHIND("data-behind", WaitsFor.PEOPLE),
    SANITY_TEST("sanity-test", WaitsFor.SERVERS),
    SETTLE("settle", WaitsFor.SERVERS),
    // A member that does not come back
    MEMBER_UNSCHEDULABLE("member-unschedulable", WaitsFor.PEOPLE),
    MEMBER_IMAGE("member-image", WaitsFor.PEOPLE),
    MEMBER_VOLUME("member-volume", WaitsFor.PEOPLE),
    MEMBER_NOT_STARTING("member-not-starting", WaitsFor.PEOPLE),
    MEMBER_CRASHING("member-crashing", WaitsFor.PEOPLE),
    MEMBER_OUT_OF_MEMORY("member-out-of-memory", WaitsFor.PEOPLE),
    MEMBER_NOT_LISTENING("member-not-listening", WaitsFor.PEOPLE),
    MEMBER_NOT_SERVING("member-not-serving", WaitsFor.PEOPLE),
    MEMBER_NOT_READY("member-not-ready", WaitsFor.PEOPLE),
    MEMBER_MISSING("member-missing", WaitsFor.PEOPLE),
    MEMBER_DATA("member-data", WaitsFor.PEOPLE),
    // The membership
    RECONFIGURATION_QUORUM("reconfiguration-quorum", WaitsFor.SERVERS),
    RECONFIGURATION("reconfiguration", WaitsFor.PEOPLE),
    // The next restart
    EFFECTIVE_STATE("effective-state", WaitsFor.PEOPLE),
    SNAPSHOT("snapshot", WaitsFor.PEOPLE),
    PAUSED("paused", WaitsFor.PEOPLE),
    WINDOW("window", WaitsFor.PEOPLE),
    APPROVAL("approval", WaitsFor.PEOPLE),
    SOAK("soak", WaitsFor.PEOPLE),
    QUORUM("quorum", WaitsFor.SERVERS),
    BUDGET("budget", WaitsFor.CONTROLLERS),
    EVICTION_REFUSED("eviction-refused", WaitsFor.PEOPLE),
    // A replacement that does not wait for the health of the ensemble
    REPLACEMENT_SERVES("replacement-serves", WaitsFor.SERVERS),
    REPLACEMENT_PROBE("replacement-probe", WaitsFor.SERVERS),
    REPLACEMENT_EVIDENCE("replacement-evidence", WaitsFor.SERVERS),
    REPLACEMENT_PAUSED("replacement-paused", WaitsFor.PEOPLE),
    REPLACEMENT_BLIND("replacement-blind", WaitsFor.SERVERS),
    REPLACEMENT_QUORUM("replacement-quorum", WaitsFor.SERVERS),
    REPLACEMENT_SANITY_TEST("replacement-sanity-test", WaitsFor.SERVERS),
    // The removal of a member that lost its data
    LOSS_PAUSED("loss-paused", WaitsFor.PEOPLE),
    LOSS_BLIND("loss-blind", WaitsFor.SERVERS),
    LOSS_QUORUM("loss-quorum", WaitsFor.SERVERS);

    private final String text;
    private final WaitsFor waitsFor;

    Gate(String text, WaitsFor waitsFor) {
        this.text = text;
        this.waitsFor = waitsFor;
    }

    /** The gate with this name; empty if there is none. */
    public static Optional<Gate> named(String name) {
        return Arrays.stream(values()).filter(gate -> gate.text.equals(name)).findFirst();
    }

    /** What opens the gate, which determines how often it is checked again. */
    public WaitsFor waitsFor() {
        return waitsFor;
    }

    /** The location of the section about the gate, relative to the root of the repository. */
    public String docs() {
        return "docs/stalled.md#" + text;
    }

    /** The name in kebab-case, as in {@code status.rollout.gate}. */
    @Override
    public String toString() {
        return text;
    }
}
