package dev.ensembled.summary;

import dev.ensembled.reconciler.rollout.Gate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the section of {@code docs/stalled.md} about a gate says. The page is part of the program, so that the two cannot
 * differ.
 *
 * @param opensWhen when the gate opens; empty if the page does not say it
 * @param whatToDo what a person does; empty if there is nothing to do
 */
public record GateHelp(Optional<String> opensWhen, Optional<String> whatToDo) {
    private static final String PAGE = "/docs/stalled.md";
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");

    /** Returns what the page says about a gate. */
    public static GateHelp of(Gate gate) {
        String section = section(page(), gate);
        return new GateHelp(bullet(section, "Opens when"), bullet(section, "What to do"));
    }

    private static String section(String page, Gate gate) {
        Matcher found = Pattern.compile("(?ms)^#### `" + Pattern.quote(gate.toString()) + "`$(.*?)(?=^#|\\z)")
                .matcher(page);
        return found.find() ? found.group(1) : "";
    }

    /** A list item with its continuation lines, on one line and without markup. */
    private static Optional<String> bullet(String section, String title) {
        Matcher found = Pattern.compile("(?m)^- \\*\\*" + title + "\\*\\*:?((?:.*\\n?)(?:^ +.*\\n?)*)")
                .matcher(section);
        return found.find()
                ? Optional.of(LINK.matcher(found.group(1))
                        .replaceAll("$1")
                        .replace("`", "")
                        .replaceAll("\\s+", " ")
                        .strip())
                : Optional.empty();
    }

    private static String page() {
        try (InputStream in = GateHelp.class.getResourceAsStream(PAGE)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
