package dev.ensembled.git.history;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * Searches the history of a commit for an ancestor, nearest generations first. It reads the parents from the commits
 * themselves: a list of shallow commits does not hide them, so that the parents of a single transferred commit count.
 */
public final class AncestorSearch {
    /** About 20 MiB of memory. */
    public static final int MOST_COMMITS = 200_000;

    private static final int LARGEST_COMMIT = 16 * 1024 * 1024;

    private final ObjectReader objects;
    private final BooleanSupplier cancelled;

    /** How a search ended. */
    public enum Result {
        FOUND,
        /** The whole history was searched. */
        NOT_FOUND,
        /** A part of the history is not here. */
        INCOMPLETE,
        /** There are more than {@link #MOST_COMMITS}. */
        TOO_LONG,
        CANCELLED
    }

    /**
     * Creates a search.
     *
     * @param cancelled asked for each commit
     */
    public AncestorSearch(ObjectReader objects, BooleanSupplier cancelled) {
        this.objects = objects;
        this.cancelled = cancelled;
    }

    /**
     * Searches.
     *
     * @throws MissingObjectException if the commit itself is not here
     */
    public Result run(ObjectId commit, ObjectId ancestor) throws IOException {
        Set<ObjectId> seen = new HashSet<>();
        Queue<ObjectId> next = new ArrayDeque<>();
        add(commit, seen, next);
        boolean complete = true;
        while (!next.isEmpty()) {
            ObjectId current = next.remove();
            if (current.equals(ancestor)) {
                return Result.FOUND;
            }
            if (cancelled.getAsBoolean()) {
                return Result.CANCELLED;
            }
            if (seen.size() > MOST_COMMITS) {
                return Result.TOO_LONG;
            }
            if (current.equals(commit) || objects.has(current, Constants.OBJ_COMMIT)) {
                for (RevCommit parent : parents(current)) {
                    add(parent.toObjectId(), seen, next);
                }
            } else {
                complete = false;
            }
        }
        return complete ? Result.NOT_FOUND : Result.INCOMPLETE;
    }

    private static void add(ObjectId commit, Set<ObjectId> seen, Queue<ObjectId> next) {
        if (seen.add(commit)) {
            next.add(commit);
        }
    }

    private RevCommit[] parents(ObjectId commit) throws IOException {
        return RevCommit.parse(objects.open(commit, Constants.OBJ_COMMIT).getCachedBytes(LARGEST_COMMIT))
                .getParents();
    }
}
