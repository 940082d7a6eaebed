package dev.ensembled.reconciler.rollout;

/** Who opens a gate that is closed, which says how soon it is worth to look again when nothing is heard of a change. */
public enum WaitsFor {
    /** Servers, which change their state without telling anybody: they are asked often. */
    SERVERS,
    /** Controllers and other teams, whose doing mostly is heard of. */
    CONTROLLERS,
    /** A person or the calendar: nothing changes for hours, and what changes is heard of or known beforehand. */
    PEOPLE
}
