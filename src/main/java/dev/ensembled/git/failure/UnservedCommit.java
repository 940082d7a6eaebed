package dev.ensembled.git.failure;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SourceFailedException;
import java.util.Optional;

/** Creates the error that a server does not send the commit that is followed by its id. */
public final class UnservedCommit {
    /** By protocol version 0, JGit skips the refusal, and reports that it has read the whole response without a pack. */
    private static final String RESPONSE_ENDED = "read stage without written request";

    private UnservedCommit() {}

    /**
     * Creates the error, if the failure says so.
     *
     * @param byId whether the server is known to allow to fetch commits by their ids
     */
    public static Optional<SourceFailedException> of(GitSettings settings, Throwable failure, boolean byId) {
        String text = Diagnosis.messages(failure);
        boolean refused = text.contains("not our ref")
                || (text.contains("want ") && text.contains("not valid"))
                || (!byId && text.contains(RESPONSE_ENDED));
        if (!refused || settings.reference().fixed().isEmpty()) {
            return Optional.empty();
        }
        String commit = "commit " + settings.reference().name();
        String check = "Check the id with \"git rev-parse\", and that a branch or a tag contains the commit.";
        return Optional.of(
                byId
                        ? new SourceFailedException(
                                "Commit " + settings.reference().name() + " not found in repository " + settings.url(),
                                check,
                                failure)
                        : new SourceFailedException(
                                "The server of " + settings.url() + " does not allow to fetch " + commit
                                        + " by its id, or does not have it",
                                check + " Allow it on the server (for Git: protocol version 2, or"
                                        + " \"git config uploadpack.allowReachableSHA1InWant true\" in the repository),"
                                        + " or follow a branch or a tag.",
                                failure));
    }
}
