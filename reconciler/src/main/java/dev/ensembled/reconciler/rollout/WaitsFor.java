package dev.ensembled.reconciler.rollout;

/** Who opens a closed gate, which determines how soon it is checked again when no change is reported. */
public enum WaitsFor {
    /** Servers, which change their state without a notification: they are asked often. */
    SERVERS,
    /** Controllers and other teams: watches report most of their changes. */
    CONTROLLERS,
    /** A person or the calendar: nothing changes for hours, and each change is reported by a watch or known beforehand. */
    PEOPLE
}
