package dev.ensembled.git.signature;

import java.util.Objects;

/** The result of the check of one signature. */
public sealed interface Verdict {

    /**
     * The object is signed by a trusted key.
     *
     * @param signer the user id of an OpenPGP key, or the principal of an SSH key; text from outside
     * @param fingerprint the fingerprint of the OpenPGP primary key in hexadecimal, or of the SSH key as {@code SHA256:...}
     */
    record Verified(String signer, String fingerprint) implements Verdict {
        public Verified {
            Objects.requireNonNull(signer, "signer");
            Objects.requireNonNull(fingerprint, "fingerprint");
        }

        @Override
        public String toString() {
            return signer + " (" + fingerprint + ")";
        }
    }

    /**
     * The object must not be followed.
     *
     * @param detail the key and what is wrong with it, for people; may contain text from outside
     */
    record Refused(Reason reason, String detail) implements Verdict {
        public Refused {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
        }
    }
}
