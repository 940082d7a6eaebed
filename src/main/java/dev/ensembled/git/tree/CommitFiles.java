package dev.ensembled.git.tree;

import dev.ensembled.git.signature.Verdict.Verified;
import dev.ensembled.reconciler.spec.read.SourceFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The content of one commit below the configured path.
 *
 * @param commit the full id of the commit
 * @param time when it was committed, by the committer's clock
 * @param message the first line of the commit message, for people
 * @param files the YAML files, by path
 * @param notes what was not read, and why, and how the commit was chosen; for people
 * @param unread directories that were not read: submodules and symbolic links
 * @param signer who signed the commit; empty if no signature was required
 */
public record CommitFiles(
        String commit,
        Instant time,
        String message,
        List<SourceFile> files,
        List<String> notes,
        Set<String> unread,
        Optional<Verified> signer) {
    public CommitFiles {
        files = List.copyOf(files);
        notes = List.copyOf(notes);
        unread = Set.copyOf(unread);
    }

    /** The same commit, with more notes. */
    public CommitFiles with(List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new CommitFiles(commit, time, message, files, all, unread, signer);
    }

    /** The same commit, without the text of its files. */
    public CommitFiles withoutText() {
        List<SourceFile> names = files.stream()
                .map(file -> new SourceFile(file.path(), "", file.refusal()))
                .toList();
        return new CommitFiles(commit, time, message, names, notes, unread, signer);
    }
}
