package dev.ensembled.cli.text;

/**
 * Colors, on a terminal only.
 *
 * @param enabled whether colors are used
 */
public record Paint(boolean enabled) {
    /** Colors if the launcher found that standard output is a terminal, and NO_COLOR is not set. */
    public static Paint ofEnvironment() {
        String refused = System.getenv("NO_COLOR");
        return new Paint(Boolean.getBoolean("ensembled.terminal") && (refused == null || refused.isEmpty()));
    }

    public String bold(String text) {
        return with("1", text);
    }

    public String red(String text) {
        return with("31", text);
    }

    public String yellow(String text) {
        return with("33", text);
    }

    public String green(String text) {
        return with("32", text);
    }

    private String with(String code, String text) {
        return enabled ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
