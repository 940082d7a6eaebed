package dev.ensembled.local.access;

import dev.ensembled.access.Authorizer;
import dev.ensembled.access.User;
import dev.ensembled.local.file.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * A token in a file that only the user of the daemon can read: other users of the machine reach the loopback address too.
 * Thread-safe.
 */
public final class TokenFile implements Authorizer {
    private static final String NAME = "token";
    private static final int BYTES = 32;
    private static final User OWNER = User.named("local");

    private final byte[] token;

    private TokenFile(byte[] token) {
        this.token = token;
    }

    /** Replaces the token of a state directory by a new one. */
    public static TokenFile create(Path dir) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        byte[] token = Base64.getUrlEncoder().withoutPadding().encode(random);
        Files.createDirectories(dir);
        DurableFile.replaceSecret(dir.resolve(NAME), token);
        return new TokenFile(token);
    }

    /** Returns the token in a state directory. */
    public static String read(Path dir) throws IOException {
        return Files.readString(dir.resolve(NAME), StandardCharsets.US_ASCII).strip();
    }

    @Override
    public Optional<User> authenticate(String given) {
        boolean same = MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
        return same ? Optional.of(OWNER) : Optional.empty();
    }

    @Override
    public Optional<User> onThisMachine() {
        return Optional.empty();
    }

    @Override
    public boolean allows(User user, Verb verb, String namespace) {
        return user.equals(OWNER);
    }
}
