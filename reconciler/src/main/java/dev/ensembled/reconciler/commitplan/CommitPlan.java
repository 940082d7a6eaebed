package dev.ensembled.reconciler.commitplan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a commit would do to all ensembles, as a document: its JSON form is an interface, whose fields are only added.
 *
 * @param violations of the files; an ensemble whose document has one keeps its last good spec
 * @param ensembles that the commit changes, ordered by id, then the others
 * @param notes what was left out of the plan, for people
 */
@JsonPropertyOrder({"apiVersion", "kind", "result", "violations", "ensembles", "notes"})
public record CommitPlan(
        String apiVersion,
        String kind,
        Result result,
        List<Violation> violations,
        List<EnsemblePlan> ensembles,
        List<String> notes) {

    private static final String API_VERSION = "ensembled.dev/v1alpha1";
    private static final String KIND = "Plan";

    /** The summary of a plan, with the exit code of a command that shows it. */
    public enum Result {
        /** There is nothing to do. */
        NO_CHANGES(0),
        /** There are steps to take. */
        CHANGES(2),
        /** A file has violations. */
        INVALID(1),
        /** All files are valid, and a change is refused. */
        REFUSED(3);

        private final int exitCode;

        Result(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    public CommitPlan {
        violations = List.copyOf(violations);
        ensembles = List.copyOf(ensembles);
        notes = List.copyOf(notes);
    }

    /** Returns the document, with the result that follows from its parts. */
    public static CommitPlan of(List<Violation> violations, List<EnsemblePlan> ensembles, List<String> notes) {
        return new CommitPlan(API_VERSION, KIND, result(violations, ensembles), violations, ensembles, notes);
    }

    private static Result result(List<Violation> violations, List<EnsemblePlan> ensembles) {
        if (!violations.isEmpty()) {
            return Result.INVALID;
        }
        if (ensembles.stream().anyMatch(EnsemblePlan::isRefused)) {
            return Result.REFUSED;
        }
        return ensembles.stream().anyMatch(EnsemblePlan::changesAnything) ? Result.CHANGES : Result.NO_CHANGES;
    }

    /**
     * Returns the part of the plan that is about these files: what else is in the repository or in the store is not caused by
     * their change.
     */
    public CommitPlan about(Set<String> files) {
        List<Violation> own =
                violations.stream().filter(each -> files.contains(each.file())).toList();
        List<String> all = new ArrayList<>(notes);
        if (own.size() < violations.size()) {
            all.add("violations in files that do not change are left out: " + (violations.size() - own.size()));
        }
        return of(
                own,
                ensembles.stream().filter(each -> files.contains(each.file())).toList(),
                all);
    }

    /** Whether this program knows the form of the document; another version of ensembled may have written it. */
    @JsonIgnore
    public boolean isKnown() {
        return API_VERSION.equals(apiVersion) && KIND.equals(kind) && result != null;
    }
}
