package dev.ensembled.reconciler.spec.read;

import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.List;

/**
 * The reading of one file by itself, independent of the rest of its commit.
 *
 * @param hasContent whether the file has any content
 * @param violations the violations, limited in number and length
 * @param named the documents that name an ensemble
 */
record ParsedFile(
        String path,
        boolean hasContent,
        List<Violation> violations,
        List<String> notes,
        List<DocumentReader.Result> named) {
    ParsedFile {
        violations = List.copyOf(violations);
        notes = List.copyOf(notes);
        named = List.copyOf(named);
    }

    /** The same reading with only the first violation, for a commit that has very many. */
    ParsedFile withFirstViolation() {
        if (violations.size() <= 1) {
            return this;
        }
        Violation first = violations.get(0);
        Violation only = new Violation(
                path,
                first.line(),
                first.column(),
                first.field(),
                first.message() + " (further violations in this file are omitted, since the commit has too many)");
        return new ParsedFile(path, hasContent, List.of(only), notes, named);
    }
}
