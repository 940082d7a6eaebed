package dev.ensembled.git.signature;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentSignature;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPUserId;
import org.bouncycastle.openpgp.api.OpenPGPDefaultPolicy;
import org.bouncycastle.util.encoders.Hex;

/**
 * Checks an OpenPGP signature. As GnuPG, it judges a key by its newest self-signatures: an export may lack the older ones. A
 * revocation counts whatever its reason and time, since only the signer's clock says when a commit was signed.
 */
record OpenPgpCheck(OpenPgpKeys keys, Instant now) {

    Verdict.Verified of(SignedObject object) throws RefusedException {
        OpenPgpSignature signature = OpenPgpSignature.parse(object.signature());
        List<OpenPGPComponentKey> candidates = keys.certificates().stream()
                .map(certificate -> certificate.getSigningKeyFor(signature.packet()))
                .filter(key -> key != null)
                .toList();
        if (candidates.isEmpty()) {
            throw new RefusedException(Reason.UNKNOWN_KEY, "OpenPGP key " + signature.keyName());
        }
        List<OpenPGPComponentKey> signers = candidates.stream()
                .filter(key -> signature.isBy(key.getPGPPublicKey(), object.payload()))
                .toList();
        if (signers.isEmpty()) {
            throw new RefusedException(
                    Reason.BAD_SIGNATURE, "it is not a signature of this object by OpenPGP key " + signature.keyName());
        }
        return judged(signature, signers);
    }

    /** The same key may be mounted twice; a revocation in one of the files counts. */
    private Verdict.Verified judged(OpenPgpSignature signature, List<OpenPGPComponentKey> signers)
            throws RefusedException {
        List<Verdict.Verified> good = new ArrayList<>();
        RefusedException refused = null;
        for (OpenPGPComponentKey key : signers) {
            try {
                good.add(judged(signature, key));
            } catch (RefusedException e) {
                if (e.reason() == Reason.REVOKED_KEY) {
                    throw e;
                }
                refused = e;
            }
        }
        if (good.isEmpty() && refused != null) {
            throw refused;
        }
        return good.get(0);
    }

    private Verdict.Verified judged(OpenPgpSignature signature, OpenPGPComponentKey key) throws RefusedException {
        String name = name(key);
        if (OpenPgpRevocation.applies(key)) {
            throw new RefusedException(Reason.REVOKED_KEY, name);
        }
        if (!new OpenPGPDefaultPolicy().isAcceptablePublicKey(key.getPGPPublicKey())) {
            throw new RefusedException(
                    Reason.WEAK_ALGORITHM,
                    name + ", algorithm " + key.getAlgorithm() + " with "
                            + key.getPGPPublicKey().getBitStrength() + " bits");
        }
        if (signature.hasExpired(now)) {
            throw new RefusedException(Reason.EXPIRED_SIGNATURE, "by " + name);
        }
        OpenPGPComponentKey primary = key.getCertificate().getPrimaryKey();
        if (signature.date().toInstant().isBefore(key.getCreationTime().toInstant())
                || now.isBefore(primary.getCreationTime().toInstant())) {
            throw new RefusedException(
                    Reason.NOT_YET_VALID,
                    name + ", which was created " + key.getCreationTime().toInstant());
        }
        refuseExpired(primary, signature, name);
        refuseExpired(key, signature, name);
        refuseUnbound(primary, name);
        refuseUnbound(key, name);
        if (!key.isSigningKey(Date.from(now))) {
            throw new RefusedException(Reason.NO_SIGNING_KEY, name + " is not marked for signing");
        }
        return new Verdict.Verified(userId(key.getCertificate()), fingerprint(primary));
    }

    private void refuseExpired(OpenPGPComponentKey key, OpenPgpSignature signature, String name)
            throws RefusedException {
        OpenPGPComponentSignature self = key.getLatestSelfSignature(Date.from(now));
        Optional<Instant> end = Optional.ofNullable(self)
                .map(OpenPGPComponentSignature::getKeyExpirationTime)
                .map(Date::toInstant);
        if (end.isPresent()
                && (!end.get().isAfter(signature.date().toInstant())
                        || !end.get().isAfter(now))) {
            throw new RefusedException(Reason.EXPIRED_KEY, name + ", which expired " + end.get());
        }
    }

    /** Checks the self-signatures, the signature of a signing subkey over its primary key, and their algorithms. */
    private void refuseUnbound(OpenPGPComponentKey key, String name) throws RefusedException {
        if (!key.isBoundAt(Date.from(now))) {
            throw new RefusedException(
                    Reason.NO_SIGNING_KEY,
                    name
                            + " has no valid self-signature: none, expired, revoked, or made with a weak hash such as SHA-1");
        }
    }

    private String userId(OpenPGPCertificate certificate) {
        return Optional.ofNullable(certificate.getPrimaryUserId(Date.from(now)))
                .or(() -> certificate.getValidUserIds(Date.from(now)).stream().findFirst())
                .map(OpenPGPUserId::getUserId)
                .orElse("OpenPGP key without a user id");
    }

    private static String name(OpenPGPComponentKey key) {
        String own = "OpenPGP key " + fingerprint(key);
        return key.isPrimaryKey()
                ? own
                : own + " (subkey of " + fingerprint(key.getCertificate().getPrimaryKey()) + ")";
    }

    private static String fingerprint(OpenPGPComponentKey key) {
        return Hex.toHexString(key.getPGPPublicKey().getFingerprint()).toUpperCase(Locale.ROOT);
    }
}
