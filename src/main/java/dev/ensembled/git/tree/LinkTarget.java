package dev.ensembled.git.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Resolves the target of a symbolic link in a commit by its path only, without reading the commit. */
final class LinkTarget {
    private LinkTarget() {}

    /** The path from the repository's root, "" for the root itself; no value if the link leads out of the repository. */
    static Optional<String> resolve(String link, String target) {
        if (target.startsWith("/") || target.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        Deque<String> segments = new ArrayDeque<>(List.of(link.split("/", -1)));
        segments.removeLast();
        for (String segment : target.split("/", -1)) {
            if (segment.equals("..")) {
                if (segments.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        return Optional.of(String.join("/", segments));
    }
}
