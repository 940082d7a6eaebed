package dev.ensembled.git.settings;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Which signature is required before anything of a commit is read.
 *
 * @param required what must be signed
 * @param signers the directory with the keys of those who may sign; read again for each verification
 */
public record SignaturePolicy(Required required, Path signers) {
    private static final Path DEFAULT_DIRECTORY = Path.of("/etc/ensembled/signers");

    public SignaturePolicy {
        Objects.requireNonNull(required, "required");
        Objects.requireNonNull(signers, "signers");
    }

    /** What must be signed. */
    public enum Required {
        /** Signatures are not looked at. */
        NONE,
        /** The commit that is followed. */
        COMMIT,
        /** The annotated tag that is followed. */
        TAG
    }

    public static SignaturePolicy none() {
        return new SignaturePolicy(Required.NONE, DEFAULT_DIRECTORY);
    }
}
