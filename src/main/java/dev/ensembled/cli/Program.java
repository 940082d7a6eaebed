package dev.ensembled.cli;

/** The name by which a person starts this program. */
public final class Program {
    private Program() {}

    /** Returns {@code ensembled}, or {@code kubectl ensembled} if kubectl started the launcher as its plugin. */
    public static String name() {
        return System.getProperty("ensembled.program", "ensembled");
    }
}
