package dev.ensembled.forge;

import dev.ensembled.forge.api.ChangedFile;
import dev.ensembled.reconciler.spec.read.SourceFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The files that the branch would have after a pull request is merged: its own, except for the files that the pull request
 * changes. The head of the pull request alone would not do, since it lacks what was merged after it branched off. Pure.
 *
 * @param files all files, ordered by path
 * @param changed the paths that the pull request changes and that are read, before or after
 */
record MergedFiles(List<SourceFile> files, Set<String> changed) {

    static MergedFiles of(Collection<SourceFile> branch, Collection<SourceFile> head, List<ChangedFile> changes) {
        Map<String, SourceFile> merged = new TreeMap<>(byPath(branch));
        Map<String, SourceFile> inHead = byPath(head);
        Set<String> changed = new HashSet<>();
        for (ChangedFile change : changes) {
            List<String> paths = new ArrayList<>(change.previousPath().stream().toList());
            paths.add(change.path());
            for (String path : paths) {
                boolean before = merged.remove(path) != null;
                if (before || inHead.containsKey(path)) {
                    changed.add(path);
                }
            }
        }
        for (ChangedFile change : changes) {
            if (!change.removed() && inHead.containsKey(change.path())) {
                merged.put(change.path(), inHead.get(change.path()));
            }
        }
        return new MergedFiles(List.copyOf(merged.values()), Set.copyOf(changed));
    }

    private static Map<String, SourceFile> byPath(Collection<SourceFile> files) {
        return files.stream().collect(Collectors.toMap(SourceFile::path, Function.identity()));
    }
}
