package dev.ensembled.forge.api;

import dev.ensembled.forge.api.ForgeFailedException.Kind;
import java.util.Objects;

/**
 * An open pull request; GitLab calls it a merge request.
 *
 * @param number by which people know it
 * @param head the full id of its last commit
 * @param fork whether its commits come from another repository
 */
public record PullRequest(int number, String head, boolean fork) {
    private static final String COMMIT = "[0-9a-f]{40}";
    private static final String SHA256_COMMIT = "[0-9a-f]{64}";

    public PullRequest {
        Objects.requireNonNull(head, "head");
        if (!head.matches(COMMIT)) {
            throw new IllegalArgumentException("the id of a commit has 40 hexadecimal characters");
        }
    }

    /**
     * Returns a pull request as the forge describes it.
     *
     * @throws ForgeFailedException if its last commit is not the id of a commit, or the id of a repository with SHA-256
     */
    public static PullRequest of(int number, String head, boolean fork) throws ForgeFailedException {
        if (head.matches(SHA256_COMMIT)) {
            throw new ForgeFailedException(
                    Kind.REQUEST,
                    "The commits of pull request " + number + " have ids of 64 characters (object format SHA-256)",
                    "Use a repository with the object format SHA-1.");
        }
        if (!head.matches(COMMIT)) {
            throw new ForgeFailedException(
                    Kind.TRANSIENT,
                    "The forge lists pull request " + number + " without the id of its last commit",
                    "Check that the address is that of the forge's API.");
        }
        return new PullRequest(number, head, fork);
    }
}
