package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.yaml.Location;
import java.util.ArrayList;
import java.util.List;

/** Collects the violations and notes of one file. Confined to the thread that reads the file. */
public final class Findings {
    /**
     * The maximum number of violations per file: a file of garbage must not cost more, neither here nor in any report.
     */
    public static final int MAX_VIOLATIONS = 50;

    private static final int MAX_NOTES = 10;
    private static final int MAX_TEXT_LENGTH = 600;

    private final String file;
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int count;

    public Findings(String file) {
        this.file = file;
    }

    /** Adds something that cannot be accepted, and what to do about it. */
    public void violation(Location location, String field, String message) {
        count++;
        if (count <= MAX_VIOLATIONS) {
            violations.add(new Violation(file, location.line(), location.column(), oneLine(field), oneLine(message)));
        }
    }

    /** Adds something that is accepted, but that people should know. */
    public void note(Location location, String field, String message) {
        String prefix = field.isEmpty() ? "" : field + ": ";
        if (notes.size() < MAX_NOTES) {
            notes.add(SafeText.of(file) + ":" + location.line() + ":" + location.column() + ": "
                    + oneLine(prefix + message));
        }
    }

    /** Whether further violations are only counted, so that their messages need not be built. */
    boolean full() {
        return count >= MAX_VIOLATIONS;
    }

    /** The number of violations so far, by which a caller detects new ones. */
    public int count() {
        return count;
    }

    /** The text on one line: keys and values of a file appear in messages, and each violation must be one line. */
    public static String oneLine(String text) {
        String cut = text.length() > MAX_TEXT_LENGTH ? text.substring(0, MAX_TEXT_LENGTH) + "..." : text;
        return SafeText.of(cut);
    }

    /** The first violations, and how many were left out. */
    public List<Violation> violations() {
        List<Violation> first = new ArrayList<>(violations);
        if (count > MAX_VIOLATIONS) {
            Violation last = first.get(MAX_VIOLATIONS - 1);
            first.add(new Violation(
                    file,
                    last.line(),
                    last.column(),
                    "",
                    (count - MAX_VIOLATIONS) + " more violations in this file are omitted"));
        }
        return List.copyOf(first);
    }

    public List<String> notes() {
        return List.copyOf(notes);
    }
}
