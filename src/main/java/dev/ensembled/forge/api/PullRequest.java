package dev.ensembled.forge.api;

import java.util.Objects;

/**
 * An open pull request; GitLab calls it a merge request.
 *
 * @param number by which people know it
 * @param head the full id of its last commit
 * @param fork whether its commits come from another repository
 */
public record PullRequest(int number, String head, boolean fork) {
    public PullRequest {
        Objects.requireNonNull(head, "head");
        if (!head.matches("[0-9a-f]{40}")) {
            throw new IllegalArgumentException("the id of a commit has 40 hexadecimal characters");
        }
    }
}
