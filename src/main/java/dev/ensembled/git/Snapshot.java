package dev.ensembled.git;

import dev.ensembled.reconciler.spec.SourceFile;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What stands in one commit of the branch below the configured path.
 *
 * @param commit its full id
 * @param time when it was committed, as its committer's clock said
 * @param message its first line, for people
 * @param files the YAML files, by path
 * @param notes what was not looked into, and why; for people
 * @param unread directories that were not looked into: submodules and symbolic links
 */
public record Snapshot(
        String commit, Instant time, String message, List<SourceFile> files, List<String> notes, Set<String> unread) {
    public Snapshot {
        files = List.copyOf(files);
        notes = List.copyOf(notes);
        unread = Set.copyOf(unread);
    }

    /** The same commit, without what stands in its files. */
    Snapshot withoutText() {
        List<SourceFile> names = files.stream()
                .map(file -> new SourceFile(file.path(), "", file.refusal()))
                .toList();
        return new Snapshot(commit, time, message, names, notes, unread);
    }
}
