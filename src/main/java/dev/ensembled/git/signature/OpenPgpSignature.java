package dev.ensembled.git.signature;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.bcpg.ArmoredInputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.KeyIdentifier;
import org.bouncycastle.bcpg.SignatureSubpacket;
import org.bouncycastle.bcpg.sig.NotationData;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.api.OpenPGPDefaultPolicy;
import org.bouncycastle.openpgp.api.OpenPGPPolicy;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.bouncycastle.util.encoders.Hex;

/** One OpenPGP signature over a document, of a form and with algorithms that are accepted. */
record OpenPgpSignature(PGPSignature packet) {
    private static final OpenPGPPolicy POLICY = new OpenPGPDefaultPolicy();

    static OpenPgpSignature parse(String armored) throws RefusedException {
        PGPSignature packet = single(armored);
        if (packet.getSignatureType() != PGPSignature.BINARY_DOCUMENT) {
            throw new RefusedException(
                    Reason.UNSUPPORTED,
                    "OpenPGP signature of type 0x" + Integer.toHexString(packet.getSignatureType()));
        }
        if (packet.getHashedSubPackets() == null || packet.getHashedSubPackets().getSignatureCreationTime() == null) {
            throw new RefusedException(
                    Reason.UNSUPPORTED,
                    "OpenPGP signature of version " + packet.getVersion() + " without a signed creation time");
        }
        if (!POLICY.isAcceptableDocumentSignatureHashAlgorithm(packet.getHashAlgorithm(), packet.getCreationTime())) {
            throw new RefusedException(Reason.WEAK_ALGORITHM, "hash algorithm " + hash(packet.getHashAlgorithm()));
        }
        refuseUnknownDemands(packet);
        return new OpenPgpSignature(packet);
    }

    private static PGPSignature single(String armored) throws RefusedException {
        byte[] bytes = armored.getBytes(StandardCharsets.ISO_8859_1);
        try (ArmoredInputStream in = new ArmoredInputStream(new ByteArrayInputStream(bytes))) {
            BcPGPObjectFactory objects = new BcPGPObjectFactory(in);
            Object first = objects.nextObject();
            if (!(first instanceof PGPSignatureList found)) {
                throw new RefusedException(Reason.MALFORMED, "the OpenPGP block does not begin with a signature");
            }
            if (found.size() != 1 || objects.nextObject() != null) {
                throw new RefusedException(
                        Reason.MALFORMED, "the OpenPGP block has more than one signature, or something else beside it");
            }
            return found.get(0);
        } catch (IOException e) {
            throw new RefusedException(Reason.MALFORMED, "the OpenPGP block cannot be read: " + e.getMessage());
        }
    }

    /** A critical part says "do not accept this unless you understand it". */
    private static void refuseUnknownDemands(PGPSignature packet) throws RefusedException {
        for (NotationData notation : packet.getHashedSubPackets().getNotationDataOccurrences()) {
            if (notation.isCritical()) {
                throw new RefusedException(
                        Reason.UNSUPPORTED, "it has the critical notation \"" + notation.getNotationName() + "\"");
            }
        }
        for (SignatureSubpacket part : packet.getHashedSubPackets().toArray()) {
            if (part.isCritical() && part.getClass().equals(SignatureSubpacket.class)) {
                throw new RefusedException(Reason.UNSUPPORTED, "it has a critical subpacket of type " + part.getType());
            }
        }
    }

    private static String hash(int algorithm) {
        return switch (algorithm) {
            case HashAlgorithmTags.MD5 -> "MD5";
            case HashAlgorithmTags.SHA1 -> "SHA-1";
            case HashAlgorithmTags.RIPEMD160 -> "RIPEMD-160";
            default -> String.valueOf(algorithm);
        };
    }

    /** Whether the key made this signature over the payload. */
    boolean isBy(PGPPublicKey key, byte[] payload) {
        try {
            packet.init(new BcPGPContentVerifierBuilderProvider(), key);
            packet.update(payload);
            return packet.verify();
        } catch (PGPException | RuntimeException e) {
            return false;
        }
    }

    Instant time() {
        return packet.getHashedSubPackets().getSignatureCreationTime().toInstant();
    }

    boolean hasExpired(Instant now) {
        long seconds = packet.getHashedSubPackets().getSignatureExpirationTime();
        return seconds != 0 && !now.isBefore(time().plusSeconds(seconds));
    }

    Date date() {
        return Date.from(time());
    }

    /** The key that the signature names: its fingerprint if it says so, otherwise its key id. */
    String keyName() {
        List<KeyIdentifier> named = packet.getKeyIdentifiers();
        return named.stream()
                .map(KeyIdentifier::getFingerprint)
                .filter(fingerprint -> fingerprint != null)
                .findFirst()
                .map(fingerprint -> Hex.toHexString(fingerprint).toUpperCase(Locale.ROOT))
                .orElseGet(() -> named.isEmpty()
                        ? "a key that the signature does not name"
                        : String.format("%016X", named.get(0).getKeyId()));
    }
}
