package dev.ensembled.git;

import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.reconciler.accept.Commit;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A commit with the parsed content of its files, without their text.
 *
 * @param commit the commit, as it is shown to people
 * @param unread directories that were not read
 * @param parsed the parsed content
 * @param notes the notes from reading the commit and from parsing its files
 * @param files the result of each file
 * @param others the violations that only appear in the comparison with the store
 */
record CommitContent(
        GitState.Commit commit,
        Set<String> unread,
        ParsedCommit parsed,
        List<String> notes,
        List<GitState.File> files,
        List<Violation> others) {

    static CommitContent of(CommitFiles snapshot, ParsedCommit parsed) {
        List<String> notes = new ArrayList<>(snapshot.notes());
        notes.addAll(parsed.notes());
        Map<String, List<EnsembleId>> ensembles = parsed.ensembles().stream()
                .collect(Collectors.groupingBy(Found::path, Collectors.mapping(Found::id, Collectors.toList())));
        Map<String, Long> violations =
                parsed.violations().stream().collect(Collectors.groupingBy(Violation::file, Collectors.counting()));
        List<GitState.File> files = snapshot.files().stream()
                .map(file -> new GitState.File(
                        file.path(),
                        ensembles.getOrDefault(file.path(), List.of()),
                        violations.getOrDefault(file.path(), 0L).intValue()))
                .toList();
        return new CommitContent(
                new GitState.Commit(
                        snapshot.commit(),
                        snapshot.time(),
                        snapshot.message(),
                        snapshot.signer().map(Object::toString)),
                snapshot.unread(),
                parsed,
                List.copyOf(notes),
                files,
                List.of());
    }

    /** The commit in the form that the decision about its changes needs. */
    Commit toAccept(SourceScope scope) {
        return new Commit(
                commit.id(),
                scope.origin(),
                unread,
                scope.definitions().around(scope.origin().name(), scope.namespaces()));
    }

    /** The same commit, with the violations of a new comparison with the store, which replace the previous ones. */
    CommitContent with(List<Violation> others) {
        return new CommitContent(commit, unread, parsed, notes, files, others);
    }

    /** All violations of the commit. */
    List<Violation> violations() {
        return Stream.concat(parsed.violations().stream(), others.stream()).toList();
    }
}
