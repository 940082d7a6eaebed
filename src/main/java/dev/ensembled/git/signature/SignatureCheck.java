package dev.ensembled.git.signature;

import java.time.Instant;

/**
 * Checks the signature of a commit or of an annotated tag against trusted keys. Pure, and safe for hostile input: the result
 * for any bytes is a verdict, never an exception.
 *
 * <p>What Git refuses is refused. Beyond that, a key must be valid both when the object was signed and now, an object must
 * have exactly one signature, and weak algorithms are refused.
 */
public final class SignatureCheck {
    private SignatureCheck() {}

    /** Checks a commit: the content of the object, without Git's header with type and size. */
    public static Verdict ofCommit(byte[] content, TrustedKeys keys, Instant now) {
        return verdict(() -> check(SignedObject.ofCommit(content), keys, now));
    }

    /** Checks an annotated tag: the content of the object, without Git's header with type and size. */
    public static Verdict ofTag(byte[] content, TrustedKeys keys, Instant now) {
        return verdict(() -> check(SignedObject.ofTag(content), keys, now));
    }

    private interface Check {
        Verdict.Verified run() throws RefusedException;
    }

    private static Verdict verdict(Check check) {
        try {
            return check.run();
        } catch (RefusedException e) {
            return e.verdict();
        } catch (RuntimeException e) {
            // The parsers of both formats throw unchecked exceptions for some malformed input.
            return new Verdict.Refused(Reason.MALFORMED, "it cannot be read: " + e);
        }
    }

    private static Verdict.Verified check(SignedObject object, TrustedKeys keys, Instant now) throws RefusedException {
        return switch (object.format()) {
            case OPENPGP -> new OpenPgpCheck(keys.openPgp(), now).of(object);
            case SSH -> new SshCheck(keys.ssh(), now).of(object);
        };
    }
}
