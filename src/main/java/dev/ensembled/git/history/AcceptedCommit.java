package dev.ensembled.git.history;

import java.util.Objects;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The last accepted commit of a source, as it is on record.
 *
 * @param repository the identity of the repository, without credentials
 * @param reference the kind and name of the reference, as it was configured
 * @param commit the full id of the commit
 * @param tag the tag from which it was accepted; null if it was accepted from a branch or by its id
 */
public record AcceptedCommit(String repository, String reference, String commit, String tag) {
    public AcceptedCommit {
        Objects.requireNonNull(repository, "repository");
        Objects.requireNonNull(reference, "reference");
        if (commit == null || !ObjectId.isId(commit)) {
            throw new IllegalArgumentException("the commit is no full id");
        }
    }
}
