package dev.ensembled.progress;

/** How far a restart of a member has come, in the order in which the phases are reached. */
public enum RestartPhase {
    /** The platform has accepted the request to end the instance. */
    ASKED,
    /** The instance that was asked to end does not exist any more. */
    GONE,
    /** The process of the next instance runs. */
    RUNNING,
    /** Its server serves. */
    SERVING,
    /** It is ready, so that clients are sent to it. */
    READY,
    /** A sanity test passed after it was ready. */
    PROVEN
}
