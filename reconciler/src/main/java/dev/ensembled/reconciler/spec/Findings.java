package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.yaml.Place;
import java.util.ArrayList;
import java.util.List;

/** Collects what is said of one file. Confined to the thread that reads it. */
final class Findings {
    private final String file;
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Findings(String file) {
        this.file = file;
    }

    /** Something that cannot be accepted, and what to do about it. */
    void violation(Place place, String field, String message) {
        violations.add(new Violation(file, place.line(), place.column(), field, message));
    }

    /** Something that is accepted, and that people should know. */
    void note(Place place, String field, String message) {
        String prefix = field.isEmpty() ? "" : field + ": ";
        notes.add(file + ":" + place.line() + ":" + place.column() + ": " + prefix + message);
    }

    /** For telling whether something was found since. */
    int count() {
        return violations.size();
    }

    List<Violation> violations() {
        return List.copyOf(violations);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
