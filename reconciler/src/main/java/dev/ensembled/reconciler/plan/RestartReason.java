package dev.ensembled.reconciler.plan;

/** Why a member has to be restarted; passed from the plan to the event. */
public enum RestartReason {
    CONFIG_CHANGED("config", "its configuration changed"),
    IMAGE_CHANGED("image", "its image changed"),
    JVM_CHANGED("jvm", "its JVM options changed"),
    CREDENTIALS_CHANGED("credentials", "the super user's credentials changed"),
    RESOURCES_CHANGED("resources", "its resources changed"),
    POD_TEMPLATE_CHANGED("template", "its pod template changed"),
    /** The running server differs from the revision of its instance. */
    EFFECTIVE_STATE_DRIFTED("", "it does not run what its pod says"),
    /** Its file system grows only with a restart. */
    VOLUME_GROWS("", "its volume grows only with a restart"),
    /** Its disk was refused although it has a start permit: only another instance can get a new one. */
    DISK_REFUSED("", "its disk was refused, and its start permit is used up"),
    /** ZOOKEEPER-4708: it has led since a reconfiguration, and commits nothing. */
    LEADER_COMMITS_NOTHING("", "it leads since a reconfiguration and commits nothing (ZOOKEEPER-4708)");

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
