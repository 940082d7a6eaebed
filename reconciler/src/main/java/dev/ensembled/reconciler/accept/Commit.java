package dev.ensembled.reconciler.accept;

import java.util.Objects;
import java.util.Set;

/**
 * The commit that is to be accepted.
 *
 * @param id its full id
 * @param root the directory that is read, relative to the repository's root; empty for the whole repository
 * @param unread directories below it that could not be looked into: submodules and symbolic links
 */
public record Commit(String id, String root, Set<String> unread) {
    public Commit {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(root, "root");
        unread = Set.copyOf(unread);
    }

    /** Whether a file of that path would be among those that are read. */
    boolean covers(String path) {
        return root.isEmpty() || path.startsWith(root + "/");
    }

    /** Whether what now stands at that path, or above it, was not looked into. */
    boolean hides(String path) {
        return unread.stream().anyMatch(directory -> path.startsWith(directory + "/"));
    }
}
