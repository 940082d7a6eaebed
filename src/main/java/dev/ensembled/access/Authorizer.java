package dev.ensembled.access;

import java.util.Optional;

/** Authenticates the clients of the API and decides what they may do. Used by many threads; every call has a deadline. */
public interface Authorizer {

    /** What a client may do with ensembles, as the verbs of Kubernetes name it. */
    enum Verb {
        GET,
        PATCH
    }

    /** The platform cannot answer now; the message says why. */
    final class UnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public UnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Returns the user to whom a bearer token belongs; empty if it belongs to none.
     *
     * @throws UnavailableException if the platform cannot answer now
     */
    Optional<User> authenticate(String token);

    /**
     * Returns the user that a client on this machine is without a token; empty if a token is required there too. A client
     * that reaches the loopback address of a pod has the right to forward its ports.
     */
    Optional<User> onThisMachine();

    /**
     * Whether a user may do this with the ensembles of a namespace.
     *
     * @throws UnavailableException if the platform cannot answer now
     */
    boolean allows(User user, Verb verb, String namespace);
}
