package dev.ensembled.reconciler.plan;

/** Why a member has to be restarted; passed from the plan to the event. */
public enum RestartReason {
    CONFIG_CHANGED("config", "configuration changed"),
    IMAGE_CHANGED("image", "image changed"),
    JVM_CHANGED("jvm", "JVM options changed"),
    CREDENTIALS_CHANGED("credentials", "super user credentials changed"),
    RESOURCES_CHANGED("resources", "resources changed"),
    POD_TEMPLATE_CHANGED("template", "pod template changed"),
    /** The running server differs from the revision of its instance. */
    EFFECTIVE_STATE_DRIFTED("", "effective state differs from the spec"),
    /** Its file system grows only with a restart. */
    VOLUME_GROWS("", "volume expansion requires a restart"),
    /** Its disk was refused although it has a start permit: only another instance can get a new one. */
    DISK_REFUSED("", "disk refused, and the start permit is already used"),
    /** ZOOKEEPER-4708: it has led since a reconfiguration, and commits nothing. */
    LEADER_COMMITS_NOTHING("", "has led since a reconfiguration and commits nothing (ZOOKEEPER-4708)");

    private final String aspect;
    private final String text;

    RestartReason(String aspect, String text) {
        this.aspect = aspect;
        this.text = text;
    }

    /** The aspect of a revision whose change is this reason; empty if the reason is not about a revision. */
    public String aspect() {
        return aspect;
    }

    /** The reason for people, continuing "member 1 is outdated: ". */
    public String text() {
        return text;
    }
}
