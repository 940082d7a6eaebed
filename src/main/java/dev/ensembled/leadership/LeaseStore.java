package dev.ensembled.leadership;

import java.io.IOException;
import java.util.Optional;

/** The place of one lease. Each call ends within a deadline of the implementation, shorter than a renewal may take. */
public interface LeaseStore extends AutoCloseable {

    /**
     * Reads the lease, not from a cache.
     *
     * @return empty if it does not exist
     * @throws IOException if it cannot be read
     */
    Optional<LeaseRecord> read() throws IOException;

    /**
     * Replaces the lease if it still has the version of this record.
     *
     * @return empty if it has another version
     * @throws IOException if it is not known whether it was replaced
     */
    Optional<LeaseRecord> replace(LeaseRecord record) throws IOException;

    /**
     * Adds a hint, whatever the version of the lease.
     *
     * @throws IOException if that failed
     */
    void hint(String key, String value) throws IOException;

    /** The lease, for messages. */
    String place();

    @Override
    void close();
}
