package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.SafeText;

/**
 * A part of a file that cannot be accepted.
 *
 * @param line the line, from 1; 1 if the file as a whole is meant
 * @param column the column, from 1
 * @param field the path of the field, such as {@code spec.config.tickTime}; empty if no field is meant
 * @param message what is wrong and what to do about it
 */
public record Violation(String file, int line, int column, String field, String message)
        implements Comparable<Violation> {

    private static final java.util.Comparator<Violation> ORDER = java.util.Comparator.comparing(Violation::file)
            .thenComparingInt(Violation::line)
            .thenComparingInt(Violation::column)
            .thenComparing(Violation::message);

    @Override
    public int compareTo(Violation other) {
        return ORDER.compare(this, other);
    }

    /** One line in the form that editors and CI systems turn into links: {@code file:line:column: field: message}. */
    @Override
    public String toString() {
        return SafeText.of(file) + ":" + line + ":" + column + ": " + (field.isEmpty() ? "" : field + ": ") + message;
    }
}
