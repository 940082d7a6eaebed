package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.yaml.Place;
import java.util.ArrayList;
import java.util.List;

/** Collects what is said of one file. Confined to the thread that reads it. */
final class Findings {
    /** Nobody reads more of one file, and a file of garbage should not cost more. */
    private static final int MOST = 200;

    private static final int LONGEST_TEXT = 600;

    private final String file;
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int count;

    Findings(String file) {
        this.file = file;
    }

    /** Something that cannot be accepted, and what to do about it. */
    void violation(Place place, String field, String message) {
        count++;
        if (count < MOST) {
            violations.add(new Violation(file, place.line(), place.column(), oneLine(field), oneLine(message)));
        } else if (count == MOST) {
            violations.add(new Violation(
                    file,
                    place.line(),
                    place.column(),
                    "",
                    "more than " + MOST + " violations: the others are left out"));
        }
    }

    /** Something that is accepted, and that people should know. */
    void note(Place place, String field, String message) {
        String prefix = field.isEmpty() ? "" : field + ": ";
        if (notes.size() < MOST) {
            notes.add(OneLine.of(file) + ":" + place.line() + ":" + place.column() + ": " + oneLine(prefix + message));
        }
    }

    /** For telling whether something was found since. */
    int count() {
        return count;
    }

    /** Keys and values of a file appear in texts, and each violation is one line. */
    private static String oneLine(String text) {
        String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "..." : text;
        return OneLine.of(cut);
    }

    List<Violation> violations() {
        return List.copyOf(violations);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
