package dev.ensembled.git.signature;

import dev.ensembled.git.reference.Tip;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.SignaturePolicy.Required;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.signature.Verdict.Refused;
import dev.ensembled.git.signature.Verdict.Verified;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Lets a commit pass if it, or its tag, has the signature that the settings require; to be asked before any file of the
 * commit is read.
 * Reads the object and the mounted keys at each call.
 */
public final class SignatureGate {
    private static final int LARGEST_OBJECT = 16 * 1024 * 1024;

    private final GitSettings settings;
    private final ObjectReader objects;

    public SignatureGate(GitSettings settings, ObjectReader objects) {
        this.settings = settings;
        this.objects = objects;
    }

    /**
     * Checks what a reference points to.
     *
     * @return the signer; empty if no signature is required
     * @throws SourceFailedException if the commit must not be followed; with the reason and the key
     */
    public Optional<Verified> admit(Tip tip) throws IOException, SourceFailedException {
        return switch (settings.signatures().required()) {
            case NONE -> Optional.empty();
            case COMMIT -> Optional.of(admitCommit(tip.commit()));
            case TAG -> Optional.of(admitTag(tip.object(), tip.tag().orElseThrow(), tip.commit()));
        };
    }

    private Verified admitCommit(AnyObjectId commit) throws IOException, SourceFailedException {
        TrustedKeys keys = new SignerDirectory(settings.signatures().signers()).read();
        byte[] content = objects.open(commit, Constants.OBJ_COMMIT).getCachedBytes(LARGEST_OBJECT);
        return passed("Commit " + commit.name(), SignatureCheck.ofCommit(content, keys, Instant.now()));
    }

    /**
     * Checks an annotated tag: that it is signed, and that it names itself and the commit. A signed tag of another release
     * could be published under this name otherwise.
     *
     * @param tag the tag object, to which the ref points
     * @param name the name of the tag, without {@code refs/tags/}
     * @param commit the commit that is followed because of the tag
     */
    Verified admitTag(AnyObjectId tag, String name, AnyObjectId commit) throws IOException, SourceFailedException {
        String what = "Tag \"" + name + "\"";
        if (tag.equals(commit)) {
            throw refused(what, new Refused(Reason.UNSIGNED, "it is not annotated, so that it has no signature"));
        }
        TrustedKeys keys = new SignerDirectory(settings.signatures().signers()).read();
        byte[] content = objects.open(tag, Constants.OBJ_TAG).getCachedBytes(LARGEST_OBJECT);
        Verified signer = passed(what, SignatureCheck.ofTag(content, keys, Instant.now()));
        String expected = "object " + commit.name() + "\ntype commit\ntag " + name + "\n";
        if (!new String(content, StandardCharsets.UTF_8).startsWith(expected)) {
            throw refused(
                    what, new Refused(Reason.BAD_SIGNATURE, "the signed tag has another name or is of another object"));
        }
        return signer;
    }

    private Verified passed(String what, Verdict verdict) throws SourceFailedException {
        if (verdict instanceof Refused refused) {
            throw refused(what, refused);
        }
        return (Verified) verdict;
    }

    private SourceFailedException refused(String what, Refused refused) {
        return new SourceFailedException(
                what + " of " + settings.url() + " is refused: it "
                        + refused.reason().phrase() + " (" + refused.detail() + ")",
                toDo(refused.reason()) + " Trusted keys are read from "
                        + settings.signatures().signers() + ". The last good commit stays in force.");
    }

    private String toDo(Reason reason) {
        boolean sign = reason == Reason.UNSIGNED || reason == Reason.MALFORMED;
        return sign && settings.signatures().required() == Required.TAG
                ? "Sign the tag (\"git tag --sign --force NAME COMMIT\") and push it."
                : reason.toDo();
    }
}
