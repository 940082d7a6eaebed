package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.OneLine;
import dev.ensembled.reconciler.spec.yaml.Location;
import java.util.ArrayList;
import java.util.List;

/** Collects the violations and notes of one file. Confined to the thread that reads the file. */
public final class Findings {
    /**
     * The maximum number of violations per file: a file of garbage must not cost more, neither here nor in any report.
     */
    public static final int MOST = 50;

    private static final int MOST_NOTES = 10;
    private static final int LONGEST_TEXT = 600;

    private final String file;
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int count;

    public Findings(String file) {
        this.file = file;
    }

    /** Adds something that cannot be accepted, and what to do about it. */
    public void violation(Location place, String field, String message) {
        count++;
        if (count <= MOST) {
            violations.add(new Violation(file, place.line(), place.column(), oneLine(field), oneLine(message)));
        }
    }

    /** Adds something that is accepted, but that people should know. */
    public void note(Location place, String field, String message) {
        String prefix = field.isEmpty() ? "" : field + ": ";
        if (notes.size() < MOST_NOTES) {
            notes.add(OneLine.of(file) + ":" + place.line() + ":" + place.column() + ": " + oneLine(prefix + message));
        }
    }

    /** Whether further violations are only counted, so that their messages need not be built. */
    boolean full() {
        return count >= MOST;
    }

    /** The number of violations so far, by which a caller detects new ones. */
    public int count() {
        return count;
    }

    /** The text on one line: keys and values of a file appear in messages, and each violation must be one line. */
    public static String oneLine(String text) {
        String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "..." : text;
        return OneLine.of(cut);
    }

    /** The first violations, and how many were left out. */
    public List<Violation> violations() {
        List<Violation> first = new ArrayList<>(violations);
        if (count > MOST) {
            Violation last = first.get(MOST - 1);
            first.add(new Violation(
                    file,
                    last.line(),
                    last.column(),
                    "",
                    "and " + (count - MOST) + " more violations in this file, which are left out"));
        }
        return List.copyOf(first);
    }

    public List<String> notes() {
        return List.copyOf(notes);
    }
}
