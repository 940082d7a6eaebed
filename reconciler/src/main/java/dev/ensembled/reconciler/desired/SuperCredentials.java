package dev.ensembled.reconciler.desired;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The passwords of ZooKeeper's user {@code super} for one ensemble, and their rotation. A server reads the digest when it
 * starts, so that a new password needs a restart of each server; until then the previous password is still in use.
 *
 * @param password the password whose digest servers are given
 * @param previous the password before the last rotation, which servers that were not restarted since then accept
 * @param rotation the value of {@code spec.credentials.rotation} for which the password was created
 */
public record SuperCredentials(SuperPassword password, Optional<SuperPassword> previous, int rotation) {
    /** Returns credentials with a new password. */
    public static SuperCredentials create(int rotation) {
        return new SuperCredentials(SuperPassword.random(), Optional.empty(), rotation);
    }

    /** Returns credentials with a new password if the requested rotation is a later one, or else these. */
    public SuperCredentials rotatedTo(int requested) {
        return rotation >= requested
                ? this
                : new SuperCredentials(SuperPassword.random(), Optional.of(password), requested);
    }

    /** Returns the passwords that a server may accept, the newest first. */
    public List<String> passwords() {
        return Stream.concat(Stream.of(password), previous.stream())
                .map(SuperPassword::text)
                .toList();
    }
}
