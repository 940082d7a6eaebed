package dev.ensembled.reconciler.spec.read;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The content of all files of one commit.
 *
 * @param ensembles every valid ensemble, with the file that contains it
 * @param violations all violations, ordered by file and location
 * @param invalid ids of ensembles that the files name but whose documents were refused, as far as the names could be
 *     read
 * @param invalidPaths files with at least one violation: what they would have said of other ensembles is unknown
 * @param notes what was left out intentionally, such as documents of other kinds; for people
 * @param files every file, and whether it has any content
 */
public record ParsedCommit(
        List<Found> ensembles,
        List<Violation> violations,
        Set<EnsembleId> invalid,
        Set<String> invalidPaths,
        List<String> notes,
        Map<String, Boolean> files) {
    public ParsedCommit {
        ensembles = List.copyOf(ensembles);
        violations = List.copyOf(violations);
        invalid = Set.copyOf(invalid);
        invalidPaths = Set.copyOf(invalidPaths);
        notes = List.copyOf(notes);
        files = Map.copyOf(files);
    }

    /** One valid ensemble. */
    public record Found(ZooKeeperEnsemble resource, String path) {
        public EnsembleId id() {
            return resource.id();
        }
    }
}
