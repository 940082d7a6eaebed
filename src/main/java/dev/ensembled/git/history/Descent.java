package dev.ensembled.git.history;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Whether a commit is a descendant of another one.
 *
 * @param proven whether a chain of commits from one to the other was seen; their ids are hashes, so it cannot be forged
 * @param unknown why it could be neither proven nor excluded; empty otherwise
 */
public record Descent(boolean proven, Optional<String> unknown) {
    public static final Descent PROVEN = new Descent(true, Optional.empty());
    public static final Descent EXCLUDED = new Descent(false, Optional.empty());

    public static Descent unknown(String why) {
        return new Descent(false, Optional.of(why));
    }

    /** Finds out whether a commit is a descendant of another one. */
    public interface Proof {
        /**
         * Examines the history.
         *
         * @throws IOException if it cannot be examined now; tried again
         */
        Descent of(ObjectId commit, ObjectId ancestor) throws IOException;
    }
}
