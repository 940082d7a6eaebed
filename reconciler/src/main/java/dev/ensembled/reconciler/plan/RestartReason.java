package dev.ensembled.reconciler.plan;

/** Why a member has to be restarted; carried from the plan to the event. */
public enum RestartReason {
    CONFIG_CHANGED("config", "its configuration changed"),
    IMAGE_CHANGED("image", "its image changed"),
    JVM_CHANGED("jvm", "its JVM options changed"),
    RESOURCES_CHANGED("resources", "its resources changed"),
    POD_TEMPLATE_CHANGED("template", "its pod template changed");

    private final String aspect;
    private final String text;

    RestartReason(String aspect, String text) {
        this.aspect = aspect;
        this.text = text;
    }

    /** The aspect of a revision whose change is this reason. */
    public String aspect() {
        return aspect;
    }

    /** For people, continuing "member 1 is outdated: ". */
    public String text() {
        return text;
    }
}
