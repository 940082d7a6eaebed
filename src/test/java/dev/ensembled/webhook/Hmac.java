package dev.ensembled.webhook;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** HMAC as RFC 2104 defines it, from a digest alone: independent of the implementation under test. */
final class Hmac {
    private static final int BLOCK = 64;

    private Hmac() {}

    static byte[] of(String algorithm, byte[] key, byte[] message) {
        byte[] padded = Arrays.copyOf(key.length > BLOCK ? digest(algorithm, key, new byte[0]) : key, BLOCK);
        return digest(algorithm, xor(padded, 0x5c), digest(algorithm, xor(padded, 0x36), message));
    }

    static String hex(String algorithm, String key, byte[] message) {
        return HexFormat.of().formatHex(of(algorithm, key.getBytes(StandardCharsets.UTF_8), message));
    }

    static String sha256(String key, byte[] message) {
        return hex("SHA-256", key, message);
    }

    private static byte[] digest(String algorithm, byte[] first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(first);
            return digest.digest(second);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] xor(byte[] bytes, int with) {
        byte[] result = bytes.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) (result[i] ^ with);
        }
        return result;
    }
}
