package dev.ensembled.reconciler.spec;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the files of one commit say.
 *
 * @param ensembles every valid ensemble, with the file that it stands in
 * @param violations everything that is wrong, ordered by file and place
 * @param invalid ids of ensembles that are named in the files but whose documents were refused, as far as the names
 *     could be read
 * @param invalidPaths files with at least one violation: what they would have said of other ensembles is not known
 * @param notes what was left out on purpose, such as documents of other kinds; for people
 * @param files every file, and whether there is anything in it
 */
public record Parsed(
        List<Found> ensembles,
        List<Violation> violations,
        Set<EnsembleId> invalid,
        Set<String> invalidPaths,
        List<String> notes,
        Map<String, Boolean> files) {
    public Parsed {
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
