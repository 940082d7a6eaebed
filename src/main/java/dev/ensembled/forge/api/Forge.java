package dev.ensembled.forge.api;

import java.util.List;

/**
 * One repository on a forge, where changes are reviewed. Each call sends requests and blocks until they are answered or
 * their timeout passes. Not thread-safe: one thread calls it.
 */
public interface Forge {
    /** The largest number of open pull requests that are listed. */
    int MAX_PULL_REQUESTS = 100;

    /** The largest number of changed files that are listed. */
    int MAX_CHANGED_FILES = 3_000;

    /**
     * Returns the open pull requests into a branch, the most recently updated first, at most {@link #MAX_PULL_REQUESTS}.
     *
     * @throws ForgeFailedException if the forge cannot be reached or refuses the request
     */
    List<PullRequest> openPullRequests(String branch) throws ForgeFailedException;

    /**
     * Returns the files that a pull request changes, compared with the commit from which it branched off.
     *
     * @throws ForgeFailedException if the forge cannot be reached or refuses the request, or if there are more than {@link
     *     #MAX_CHANGED_FILES}
     */
    List<ChangedFile> changedFiles(PullRequest pullRequest) throws ForgeFailedException;

    /**
     * Writes the comment of ensembled on a pull request: it updates the comment that it wrote before, or creates
     * one. It
     * never changes a comment of another author.
     *
     * @param marker an HTML comment in the body by which the comment is found again
     * @param body Markdown that contains the marker
     * @param create whether to create a comment if there is none
     * @throws ForgeFailedException if the forge cannot be reached or refuses the request
     */
    void comment(PullRequest pullRequest, String marker, String body, boolean create) throws ForgeFailedException;

    /**
     * Sets the status of a commit in a context; it replaces the status of the same context.
     *
     * @param commit the full id
     * @throws ForgeFailedException if the forge cannot be reached or refuses the request
     */
    void status(String commit, CommitStatus status) throws ForgeFailedException;
}
