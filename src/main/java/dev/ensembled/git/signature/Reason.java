package dev.ensembled.git.signature;

/** Why a signature is refused. Each reason has its own name in messages, since the person who must act differs. */
public enum Reason {
    UNSIGNED(
            "is unsigned",
            "Sign the commit (\"git commit --amend -S\", \"git config commit.gpgSign true\") and push it."),
    UNKNOWN_KEY(
            "is signed by an unknown key",
            "If the signer is trusted, add the public key to the mounted keys; compare its fingerprint with the fingerprint"
                    + " that the signer states."),
    EXPIRED_KEY(
            "is signed by an expired key",
            "Extend the key and mount its new export, or sign a new commit with a key that is valid."),
    REVOKED_KEY(
            "is signed by a revoked key",
            "Sign a new commit with another key. Find out why the key was revoked before you trust what it signed."),
    BAD_SIGNATURE(
            "has a bad signature",
            "The content is not what was signed, or another key signed it. Find out who pushed the commit, and push a commit"
                    + " with a valid signature."),
    EXPIRED_SIGNATURE("has an expired signature", "Sign a new commit."),
    NOT_YET_VALID(
            "is signed by a key that was not valid at that time",
            "Check the clocks of the signer and of this process, and the period in which the key is valid."),
    WRONG_NAMESPACE(
            "has a signature for another namespace than \"git\"",
            "Sign by \"git commit -S\"; in allowed_signers, the option namespaces of the key must contain \"git\"."),
    WRONG_PRINCIPAL(
            "is signed by a certificate whose principals are not allowed",
            "Issue the certificate for a principal that the line of its authority in allowed_signers allows."),
    NO_SIGNING_KEY(
            "is signed by a key that may not sign",
            "Sign with a key or subkey that is marked for signing and certified by its primary key with SHA-256 or better, and"
                    + " mount a current export of the key."),
    WEAK_ALGORITHM("is signed with a weak algorithm", "Sign a new commit with SHA-256 or better and a strong key."),
    UNSUPPORTED(
            "has a signature of an unsupported kind", "Sign with an OpenPGP key, an SSH key or an SSH certificate."),
    MALFORMED("has a malformed signature", "Sign the commit again by \"git commit --amend -S\" and push it.");

    private final String phrase;
    private final String toDo;

    Reason(String phrase, String toDo) {
        this.phrase = phrase;
        this.toDo = toDo;
    }

    /** The predicate of a sentence about the object, such as "is unsigned". */
    public String phrase() {
        return phrase;
    }

    /** What a person can do about it. */
    public String toDo() {
        return toDo;
    }
}
