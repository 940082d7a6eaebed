package dev.ensembled.reconciler.accept;

import java.util.Objects;
import java.util.Set;

/**
 * The commit whose specs are to be accepted.
 *
 * @param id its full id
 * @param origin where it comes from
 * @param unread directories in it that were not read: submodules and symbolic links
 */
public record Commit(String id, Origin origin, Set<String> unread) {
    public Commit {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(origin, "origin");
        unread = Set.copyOf(unread);
    }

    /** Whether the path lies in a directory that was not read. */
    boolean isUnread(String path) {
        return unread.stream().anyMatch(directory -> path.startsWith(directory + "/"));
    }
}
