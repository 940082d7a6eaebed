package dev.ensembled.reconciler.accept;

import java.util.Objects;
import java.util.Set;

/**
 * The commit that is to be accepted.
 *
 * @param id its full id
 * @param origin where it comes from
 * @param unread directories in it that could not be looked into: submodules and symbolic links
 */
public record Commit(String id, Origin origin, Set<String> unread) {
    public Commit {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(origin, "origin");
        unread = Set.copyOf(unread);
    }

    /** Whether what now stands at that path, or above it, was not looked into. */
    boolean hides(String path) {
        return unread.stream().anyMatch(directory -> path.startsWith(directory + "/"));
    }
}
