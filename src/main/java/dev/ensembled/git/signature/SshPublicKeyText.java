package dev.ensembled.git.signature;

import dev.ensembled.git.settings.SourceFailedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A public key as OpenSSH writes it: type and base64. Two keys are the same if their encodings are, whether or not their
 * type is known here.
 */
record SshPublicKeyText(String type, String base64) {
    private static final byte[] KRL = "SSHKRL".getBytes(StandardCharsets.US_ASCII);

    /** Reads the key at the beginning of a text; empty if there is none. A comment may follow. */
    static Optional<SshPublicKeyText> at(String text) {
        String[] words = text.strip().split("[ \\t]+", 3);
        if (words.length < 2) {
            return Optional.empty();
        }
        try {
            byte[] blob = Base64.getDecoder().decode(words[1]);
            String inside = new ByteArrayBuffer(blob).getString();
            return inside.equals(words[0]) ? Optional.of(of(blob)) : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** A key in its binary encoding. */
    static SshPublicKeyText of(byte[] blob) {
        return new SshPublicKeyText(
                new ByteArrayBuffer(blob).getString(), Base64.getEncoder().encodeToString(blob));
    }

    /** Reads {@code revoked_keys}: one key in each line. */
    static List<SshPublicKeyText> revoked(KeyFile file) throws SourceFailedException {
        if (Arrays.equals(KRL, Arrays.copyOf(file.content(), KRL.length))) {
            throw file.invalid(
                    "is a binary key revocation list (KRL), which is not supported",
                    "List the revoked keys as text, one public key in each line.");
        }
        List<SshPublicKeyText> all = new ArrayList<>();
        int number = 0;
        for (String line :
                new String(file.content(), StandardCharsets.UTF_8).lines().toList()) {
            number++;
            if (!line.isBlank() && !line.strip().startsWith("#")) {
                Optional<SshPublicKeyText> key = at(line);
                if (key.isEmpty()) {
                    throw file.invalid(
                            "has an invalid line " + number,
                            "Each line must have the form \"TYPE KEY\", as in a file *.pub: correct or remove the line.");
                }
                all.add(key.get());
            }
        }
        return all;
    }
}
