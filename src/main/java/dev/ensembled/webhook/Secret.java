package dev.ensembled.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret that a forge and ensembled share. It is never shown. Comparisons take the same time wherever values differ. */
final class Secret {
    /** A shorter secret could be guessed from one recorded delivery. In characters; in bytes for a signing token. */
    static final int SHORTEST = 16;

    private static final int MOST = 2;
    private static final String SIGNING_TOKEN = "whsec_";
    private static final String HMAC = "HmacSHA256";

    private final byte[] text;

    private Secret(String text) {
        this.text = text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the content of a file: one line with the secret, or two lines while a secret is replaced by another.
     *
     * @throws IllegalArgumentException if the content is something else; the message says what, and contains no secret
     */
    static List<Secret> parse(String content) {
        List<String> lines = content.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        require(!lines.isEmpty(), "it is empty");
        require(
                lines.size() <= MOST,
                "it has " + lines.size() + " lines; expected one secret, or two during a rotation");
        List<Secret> secrets = new ArrayList<>();
        for (String line : lines) {
            require(
                    line.length() >= SHORTEST,
                    "the secret in line " + (secrets.size() + 1) + " has less than " + SHORTEST + " characters");
            secrets.add(new Secret(line));
        }
        return secrets;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Whether the other text is this secret itself. Only digests are compared, so that its length does not matter either. */
    boolean isText(String other) {
        return MessageDigest.isEqual(hmac(text, text), hmac(text, other.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether {@code signature} is the HMAC-SHA256 of these parts, one after the other, with the text as the key. */
    boolean signed(byte[] signature, byte[]... parts) {
        return MessageDigest.isEqual(hmac(text, parts), signature);
    }

    /** As {@link #signed}, with the key that a signing token ({@code whsec_} and base64) encodes; false for other secrets. */
    boolean signedByToken(byte[] signature, byte[]... parts) {
        return tokenKey()
                .filter(key -> MessageDigest.isEqual(hmac(key, parts), signature))
                .isPresent();
    }

    private Optional<byte[]> tokenKey() {
        String token = new String(text, StandardCharsets.UTF_8);
        if (!token.startsWith(SIGNING_TOKEN)) {
            return Optional.empty();
        }
        return Base64Text.decoded(token.substring(SIGNING_TOKEN.length())).filter(key -> key.length >= SHORTEST);
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + HMAC, e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }

    /** Base64 from outside, which may be malformed. */
    static final class Base64Text {
        private Base64Text() {}

        static Optional<byte[]> decoded(String text) {
            try {
                return Optional.of(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }
}
