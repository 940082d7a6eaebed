package dev.ensembled.git.history;

import java.io.IOException;
import java.util.Optional;

/**
 * The record of the last accepted commit of one source, in a place that survives the daemon. Used by one thread at a time.
 */
public interface AcceptedCommits {

    /**
     * Reads the record from its place, without a cache.
     *
     * @return empty if nothing is on record
     * @throws IOException if it cannot be read or its content is invalid; then no commit is accepted
     */
    Optional<AcceptedCommit> read() throws IOException;

    /**
     * Replaces the record, if it still is as it was read or written last; when this method returns, a crash cannot lose it.
     * A place with one writer need not check that.
     *
     * @throws IOException if it is not certain that the record was written; then the commit is not accepted
     */
    void write(AcceptedCommit commit) throws IOException;

    /** Where the record is, for messages. */
    String place();

    /** How a person deletes the record, as a part of a sentence, such as "delete the file X". */
    String deletion();

    /** Nothing is ever on record, so that every commit is followed. */
    static AcceptedCommits none() {
        return new AcceptedCommits() {
            @Override
            public Optional<AcceptedCommit> read() {
                return Optional.empty();
            }

            @Override
            public void write(AcceptedCommit commit) {}

            @Override
            public String place() {
                return "no place";
            }

            @Override
            public String deletion() {
                return "";
            }
        };
    }
}
