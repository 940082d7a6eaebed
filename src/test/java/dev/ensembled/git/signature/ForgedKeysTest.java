package dev.ensembled.git.signature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.signature.Verdict.Refused;
import dev.ensembled.git.signature.Verdict.Verified;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are put together by hand, because no tool makes them or because they need hardware. */
class ForgedKeysTest {
    private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
    private static final String SECURITY_KEY = "sk-ecdsa-sha2-nistp256@openssh.com";

    /** Mallory's key claims Alice's signing subkey as its own; what Alice signs must not count as Mallory's. */
    @Test
    void aSubkeyThatDoesNotConfirmItsPrimaryKeyIsNotItsSubkey() throws Exception {
        OpenPgpTestKey alice = OpenPgpTestKey.generate("Alice <alice@example.org>");
        OpenPgpTestKey mallory = OpenPgpTestKey.generate("Mallory <mallory@example.org>");
        byte[] commit = commit(alice.signer().apply(payload()));
        OpenPGPComponentKey subkey = alice.key().getSigningKeys().get(0);
        assertThat(subkey.isPrimaryKey()).isFalse();

        KeyFile adopted = Fixtures.text("mallory.asc", adopting(mallory.key(), subkey.getPGPPublicKey()));
        KeyFile own = Fixtures.text("alice.asc", alice.publicKey());

        assertThat(SignatureCheck.ofCommit(commit, Fixtures.keys(adopted), Instant.now()))
                .isInstanceOfSatisfying(Refused.class, found -> {
                    assertThat(found.reason()).isEqualTo(Reason.NO_SIGNING_KEY);
                    assertThat(found.detail()).contains("has no valid self-signature");
                });
        assertThat(SignatureCheck.ofCommit(commit, Fixtures.keys(adopted, own), Instant.now()))
                .isInstanceOfSatisfying(
                        Verified.class, found -> assertThat(found.signer()).startsWith("Alice"));
    }

    private static String adopting(OpenPGPKey thief, PGPPublicKey subkey) throws Exception {
        PGPPublicKey primary = thief.getPrimaryKey().getPGPPublicKey();
        PGPSignatureGenerator generator = new PGPSignatureGenerator(
                new BcPGPContentSignerBuilder(primary.getAlgorithm(), HashAlgorithmTags.SHA512), primary);
        generator.init(
                PGPSignature.SUBKEY_BINDING,
                thief.getPrimarySecretKey().unlock((char[]) null).getKeyPair().getPrivateKey());
        PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
        hashed.setSignatureCreationTime(Date.from(Instant.now()));
        hashed.setIssuerFingerprint(false, primary);
        hashed.setKeyFlags(true, KeyFlags.SIGN_DATA);
        generator.setHashedSubpackets(hashed.generate());
        PGPSignature binding = generator.generateCertification(primary, subkey);
        PGPPublicKey bare = subkey;
        for (PGPSignature old : signatures(subkey)) {
            bare = PGPPublicKey.removeCertification(bare, old);
        }
        List<PGPPublicKey> keys = new ArrayList<>();
        thief.getPGPPublicKeyRing().getPublicKeys().forEachRemaining(keys::add);
        keys.add(PGPPublicKey.addCertification(bare, binding));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ArmoredOutputStream armored = ArmoredOutputStream.builder().build(out)) {
            new PGPPublicKeyRing(keys).encode(armored);
        }
        return out.toString(StandardCharsets.US_ASCII);
    }

    private static List<PGPSignature> signatures(PGPPublicKey key) {
        List<PGPSignature> all = new ArrayList<>();
        key.getSignatures().forEachRemaining(all::add);
        return all;
    }

    /** As a security key signs: the flags say whether a person touched it. */
    @ParameterizedTest(name = "flags {0}")
    @CsvSource({"1, true", "5, true", "0, false"})
    void aSecurityKeyMustHaveBeenTouched(byte flags, boolean accepted) throws Exception {
        KeyPair pair = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        byte[] blob = securityKey((ECPublicKey) pair.getPublic());
        byte[] commit = commit(touched(pair, blob, payload(), flags));
        String line =
                "grace@example.org " + SECURITY_KEY + " " + Base64.getEncoder().encodeToString(blob);

        Verdict found =
                SignatureCheck.ofCommit(commit, Fixtures.keys(Fixtures.text("allowed_signers", line)), Fixtures.NOW);

        if (accepted) {
            assertThat(found).isInstanceOf(Verified.class);
        } else {
            assertThat(found).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason())
                    .isEqualTo(Reason.BAD_SIGNATURE));
        }
    }

    private static byte[] securityKey(ECPublicKey key) {
        ByteArrayBuffer plain = new ByteArrayBuffer();
        plain.putRawPublicKey(key);
        ByteArrayBuffer parts = new ByteArrayBuffer(plain.getCompactData());
        parts.getString();
        ByteArrayBuffer blob = new ByteArrayBuffer();
        blob.putString(SECURITY_KEY);
        blob.putString(parts.getString());
        blob.putBytes(parts.getBytes());
        blob.putString("ssh:");
        return blob.getCompactData();
    }

    private static byte[] touched(KeyPair pair, byte[] blob, byte[] payload, byte flags) throws Exception {
        Buffer signed = new ByteArrayBuffer();
        signed.putRawBytes(MAGIC);
        signed.putString("git");
        signed.putString("");
        signed.putString("sha512");
        signed.putBytes(MessageDigest.getInstance("SHA-512").digest(payload));
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        ByteArrayBuffer device = new ByteArrayBuffer();
        device.putRawBytes(sha256.digest("ssh:".getBytes(StandardCharsets.US_ASCII)));
        device.putByte(flags);
        device.putUInt(7);
        device.putRawBytes(sha256.digest(signed.getCompactData()));
        Signature signer =
                BuiltinSignatures.fromFactoryName("ecdsa-sha2-nistp256").create();
        signer.initSigner(null, pair.getPrivate());
        signer.update(null, device.getCompactData());
        ByteArrayBuffer value = new ByteArrayBuffer();
        value.putString(SECURITY_KEY);
        value.putBytes(signer.sign(null));
        value.putByte(flags);
        value.putUInt(7);
        ByteArrayBuffer all = new ByteArrayBuffer();
        all.putRawBytes(MAGIC);
        all.putUInt(1);
        all.putBytes(blob);
        all.putString("git");
        all.putString("");
        all.putString("sha512");
        all.putBytes(value.getCompactData());
        String base64 = Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(all.getCompactData());
        return ("-----BEGIN SSH SIGNATURE-----\n" + base64 + "\n-----END SSH SIGNATURE-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] payload() {
        return """
                tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904
                author A <a@example.org> 1769904000 +0000
                committer A <a@example.org> 1769904000 +0000

                Message
                """
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] commit(byte[] signature) {
        String armored =
                new String(signature, StandardCharsets.US_ASCII).strip().replaceAll("\\r?\\n", "\n ");
        String text = new String(payload(), StandardCharsets.UTF_8);
        int headers = text.indexOf("\n\n");
        return (text.substring(0, headers) + "\ngpgsig " + armored + text.substring(headers))
                .getBytes(StandardCharsets.UTF_8);
    }
}
