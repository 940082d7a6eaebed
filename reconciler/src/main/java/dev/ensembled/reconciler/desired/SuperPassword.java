package dev.ensembled.reconciler.desired;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** The password of ZooKeeper's user {@code super}, which only ensembled uses. {@link #toString} never contains it. */
public record SuperPassword(String text) {
    private static final int RANDOM_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Returns a new password of 256 random bits. */
    public static SuperPassword random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return new SuperPassword(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /**
     * Returns the digest that servers check the password against, without the user name, in the form of ZooKeeper's
     * DigestAuthenticationProvider. The password is random and long, so SHA-1 is not a weakness.
     */
    public String digest() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(("super:" + text).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    @Override
    public String toString() {
        return "a password";
    }
}
