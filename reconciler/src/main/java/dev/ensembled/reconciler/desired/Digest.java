package dev.ensembled.reconciler.desired;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Short content addresses: equal content has an equal name. */
public final class Digest {
    private static final int HEX_DIGITS = 10;

    private Digest() {}

    /**
     * Returns the first ten hexadecimal digits of the SHA-256 of the parts, each ended by a NUL so that boundaries
     * count.
     */
    public static String of(String... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                sha256.update(part.getBytes(StandardCharsets.UTF_8));
                sha256.update((byte) 0);
            }
            return HexFormat.of().formatHex(sha256.digest()).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
