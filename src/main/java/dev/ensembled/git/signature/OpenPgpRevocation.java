package dev.ensembled.git.signature;

import java.util.Arrays;
import java.util.Iterator;
import org.bouncycastle.bcpg.KeyIdentifier;
import org.bouncycastle.bcpg.SignatureSubpacket;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * Whether a key or its primary key is revoked. In doubt it is: a revocation with a weak hash counts, and so does one that
 * cannot be verified because it was made by a revoker that the key names and that is not mounted.
 */
final class OpenPgpRevocation {
    private OpenPgpRevocation() {}

    static boolean applies(OpenPGPComponentKey key) {
        PGPPublicKey primary = key.getCertificate().getPrimaryKey().getPGPPublicKey();
        return any(primary, primary, PGPSignature.KEY_REVOCATION)
                || (!key.isPrimaryKey() && any(primary, key.getPGPPublicKey(), PGPSignature.SUBKEY_REVOCATION));
    }

    private static boolean any(PGPPublicKey primary, PGPPublicKey target, int type) {
        for (Iterator<PGPSignature> found = target.getSignaturesOfType(type); found.hasNext(); ) {
            PGPSignature revocation = found.next();
            boolean own =
                    revocation.getKeyIdentifiers().isEmpty() || revocation.hasKeyIdentifier(primary.getKeyIdentifier());
            if (own ? isBy(primary, target, revocation) : isRevoker(primary, revocation)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBy(PGPPublicKey primary, PGPPublicKey target, PGPSignature revocation) {
        try {
            revocation.init(new BcPGPContentVerifierBuilderProvider(), primary);
            return target.isMasterKey()
                    ? revocation.verifyCertification(target)
                    : revocation.verifyCertification(primary, target);
        } catch (PGPException | RuntimeException e) {
            return true;
        }
    }

    private static boolean isRevoker(PGPPublicKey primary, PGPSignature revocation) {
        for (Iterator<PGPSignature> all = primary.getSignatures(); all.hasNext(); ) {
            PGPSignature self = all.next();
            boolean names = self.getHashedSubPackets() != null
                    && Arrays.stream(self.getHashedSubPackets().getSubpackets(SignatureSubpacketTags.REVOCATION_KEY))
                            .map(OpenPgpRevocation::revoker)
                            .anyMatch(revoker -> KeyIdentifier.matches(revocation.getKeyIdentifiers(), revoker, true));
            if (names) {
                return true;
            }
        }
        return false;
    }

    /** A class and an algorithm in one byte each, and a fingerprint. */
    private static KeyIdentifier revoker(SignatureSubpacket subpacket) {
        byte[] data = subpacket.getData();
        return new KeyIdentifier(Arrays.copyOfRange(data, Math.min(2, data.length), data.length));
    }
}
