package dev.ensembled.git.signature;

import dev.ensembled.fuzz.FuzzCount;
import dev.ensembled.git.signature.Verdict.Verified;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Commit and tag objects. Every object gets a verdict, and none is verified of which the signed part differs from that of an
 * object that was really signed.
 */
public final class SignatureFuzz {
    private static final TrustedKeys KEYS = Fixtures.keys();
    private static final Set<String> SIGNED = signed();

    private SignatureFuzz() {}

    public static void fuzzerTestOneInput(byte[] object) {
        boolean tag = isTag(object);
        Verdict verdict = tag
                ? SignatureCheck.ofTag(object, KEYS, Fixtures.NOW)
                : SignatureCheck.ofCommit(object, KEYS, Fixtures.NOW);
        if (!(Objects.requireNonNull(verdict) instanceof Verified verified)) {
            FuzzCount.refused();
            return;
        }
        FuzzCount.accepted();
        if (!SIGNED.contains(payload(object))) {
            throw new AssertionError("verified, but never signed, by " + verified);
        }
    }

    private static boolean isTag(byte[] object) {
        return new String(object, StandardCharsets.ISO_8859_1).startsWith("object ");
    }

    private static String payload(byte[] object) {
        try {
            SignedObject signed = isTag(object) ? SignedObject.ofTag(object) : SignedObject.ofCommit(object);
            return new String(signed.payload(), StandardCharsets.ISO_8859_1);
        } catch (RefusedException e) {
            return "";
        }
    }

    private static Set<String> signed() {
        Set<String> payloads = new HashSet<>();
        for (String file : Objects.requireNonNull(
                Path.of("test", "resources", "signatures", "objects").toFile().list())) {
            if (!file.contains("altered")) {
                payloads.add(payload(Fixtures.object(file)));
            }
        }
        payloads.remove("");
        return payloads;
    }

    public static void fuzzerTearDown() {
        FuzzCount.print();
    }
}
