package dev.ensembled.reconciler.accept;

import java.util.Objects;
import java.util.Set;

/**
 * The commit whose specs are to be accepted.
 *
 * @param id its full id
 * @param origin where it comes from
 * @param unread directories in it that were not read: submodules and symbolic links
 * @param context what the source must consider beside this commit
 */
public record Commit(String id, Origin origin, Set<String> unread, SourceContext context) {
    public Commit {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(origin, "origin");
        unread = Set.copyOf(unread);
        Objects.requireNonNull(context, "context");
    }

    /** A commit of a source that nothing else limits. */
    public Commit(String id, Origin origin, Set<String> unread) {
        this(id, origin, unread, SourceContext.NONE);
    }

    /** Whether the path lies in a directory that was not read. */
    boolean isUnread(String path) {
        return unread.stream().anyMatch(directory -> path.startsWith(directory + "/"));
    }
}
