package dev.ensembled.git.settings;

import java.util.Objects;
import java.util.Optional;

/**
 * Credentials for HTTPS that are requested when a fetch needs them, instead of read from files. Used by one fetch at a time.
 */
public interface ObtainedCredentials {
    /**
     * Returns what is valid now; empty while nothing of this kind is configured.
     *
     * @throws SourceFailedException if they are configured and cannot be obtained
     */
    Optional<Login> current() throws SourceFailedException;

    /** The Git server refused them, so that the next fetch needs others. */
    void refused();

    /** A user name and a password or token, which is removed from every output. */
    record Login(String username, String password) {
        public Login {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
        }

        @Override
        public String toString() {
            return username;
        }
    }
}
