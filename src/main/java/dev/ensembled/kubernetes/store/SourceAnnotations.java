package dev.ensembled.kubernetes.store;

import dev.ensembled.reconciler.spec.model.EnsembleStatus.PendingRemoval;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The source of a resource, as annotations: they outlive the daemon, and people see them with kubectl. */
final class SourceAnnotations {
    static final String SPEC_DIGEST = "ensembled.dev/spec-digest";
    static final String REMOVED_BY = "ensembled.dev/removed-by-commit";

    private static final String COMMIT = "ensembled.dev/source-commit";
    private static final String PATH = "ensembled.dev/source-path";
    private static final String STATE = "ensembled.dev/source-state";
    private static final String MESSAGE = "ensembled.dev/source-message";
    private static final String ORIGIN = "ensembled.dev/source-origin";
    private static final String INSTALLATION = "ensembled.dev/source-installation";

    /** The commit, the number of ensembles that it removes, and what follows a confirmation. */
    private static final String REMOVAL = "ensembled.dev/source-removal";

    private static final Pattern REMOVAL_FORMAT = Pattern.compile("(\\S+) (\\d{1,9}) (delete|orphan)");

    private SourceAnnotations() {}

    static Map<String, String> of(SourceStatus source) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(COMMIT, Objects.requireNonNullElse(source.commit(), ""));
        annotations.put(PATH, Objects.requireNonNullElse(source.path(), ""));
        annotations.put(STATE, Objects.requireNonNullElse(source.state(), ""));
        annotations.put(MESSAGE, Objects.requireNonNullElse(source.message(), ""));
        annotations.put(ORIGIN, Objects.requireNonNullElse(source.origin(), ""));
        annotations.put(INSTALLATION, Objects.requireNonNullElse(source.installation(), ""));
        annotations.put(REMOVAL, text(source.removal()));
        return annotations;
    }

    /** Returns the source; empty if the resource did not come from our Git source. */
    static Optional<SourceStatus> read(Map<String, String> annotations) {
        if (annotations == null || !annotations.containsKey(STATE)) {
            return Optional.empty();
        }
        return Optional.of(new SourceStatus(
                annotations.getOrDefault(COMMIT, ""),
                annotations.getOrDefault(PATH, ""),
                annotations.get(STATE),
                orNull(annotations.get(MESSAGE)),
                orNull(annotations.get(ORIGIN)),
                orNull(annotations.get(INSTALLATION)),
                removal(annotations.getOrDefault(REMOVAL, ""))));
    }

    private static String text(PendingRemoval removal) {
        return removal == null
                ? ""
                : removal.commit() + " " + removal.ensembles() + (removal.deletes() ? " delete" : " orphan");
    }

    /** Without a valid text, a removal that waits is bound to the commit that is compared next. */
    private static PendingRemoval removal(String text) {
        Matcher parts = REMOVAL_FORMAT.matcher(text);
        return parts.matches()
                ? new PendingRemoval(
                        parts.group(1),
                        Integer.valueOf(parts.group(2)),
                        parts.group(3).equals("delete"))
                : null;
    }

    private static String orNull(String value) {
        return value == null || value.isEmpty() ? null : value;
    }
}
