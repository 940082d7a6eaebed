package dev.ensembled.git.pack;

import java.util.List;
import org.eclipse.jgit.transport.FilterSpec;

/** How much of a commit is requested. A server may not support filters, or may not allow all of them. */
public enum FetchFilter {
    /** All directories, and the files below the configured directory that are not too large. */
    DIRECTORY,
    /** All files that are not too large. */
    SMALL_FILES,
    EVERYTHING;

    /** Larger files hold no specs: a reader of the files has a lower limit of its own. */
    public static final int LARGEST_FILE = 4 * 1024 * 1024;

    /** The order in which to try the filters for a configured directory. */
    static List<FetchFilter> toTry(String path) {
        return path.isEmpty() ? List.of(SMALL_FILES, EVERYTHING) : List.of(DIRECTORY, SMALL_FILES, EVERYTHING);
    }

    /** Whether files may be left out because of their size. */
    public boolean leavesOut() {
        return this != EVERYTHING;
    }

    static FilterSpec onlyCommits() {
        return filter("tree:0");
    }

    static FilterSpec noFiles() {
        return filter("blob:none");
    }

    static FilterSpec smallFiles() {
        return filter("blob:limit=" + (LARGEST_FILE + 1));
    }

    private static FilterSpec filter(String line) {
        try {
            return FilterSpec.fromFilterLine(line);
        } catch (org.eclipse.jgit.errors.PackProtocolException e) {
            throw new IllegalStateException(line, e);
        }
    }
}
