package dev.ensembled.git.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.u2f.SecurityKeyPublicKey;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * An SSH signature, in the format that OpenSSH describes in PROTOCOL.sshsig.
 *
 * @param key the key that signed, or a certificate for it
 * @param namespace what the signature is for; "git" for commits and tags
 * @param hash the name of the hash algorithm of the payload
 * @param signature algorithm and value
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, and never compared
record SshSignature(PublicKey key, String namespace, String hash, byte[] signature) {
    static final String GIT = "git";
    private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
    private static final int SMALLEST_RSA = 2048;

    private static final Map<String, String> HASHES = Map.of("sha256", "SHA-256", "sha512", "SHA-512");

    /** The signature algorithms of each type of key. Not SHA-1 (ssh-rsa), nor DSA. */
    private static final Map<String, Set<String>> ALGORITHMS = Map.of(
            "ssh-ed25519", Set.of("ssh-ed25519"),
            "ecdsa-sha2-nistp256", Set.of("ecdsa-sha2-nistp256"),
            "ecdsa-sha2-nistp384", Set.of("ecdsa-sha2-nistp384"),
            "ecdsa-sha2-nistp521", Set.of("ecdsa-sha2-nistp521"),
            "ssh-rsa", Set.of("rsa-sha2-256", "rsa-sha2-512"),
            "sk-ssh-ed25519@openssh.com", Set.of("sk-ssh-ed25519@openssh.com"),
            "sk-ecdsa-sha2-nistp256@openssh.com", Set.of("sk-ecdsa-sha2-nistp256@openssh.com"));

    static SshSignature parse(String armored) throws RefusedException {
        String begin = SignedObject.Format.SSH.begin();
        String end = SignedObject.Format.SSH.end();
        String base64 = armored.strip();
        base64 =
                base64.substring(begin.length(), base64.length() - end.length()).replaceAll("[\\r\\n]", "");
        try {
            ByteArrayBuffer in = new ByteArrayBuffer(Base64.getDecoder().decode(base64));
            byte[] magic = new byte[MAGIC.length];
            in.getRawBytes(magic);
            long version = in.getUInt();
            if (!MessageDigest.isEqual(magic, MAGIC) || version != 1) {
                throw new RefusedException(Reason.MALFORMED, "it is no SSH signature of version 1");
            }
            PublicKey key = new ByteArrayBuffer(in.getBytes()).getRawPublicKey();
            String namespace = in.getString();
            in.getBytes(); // reserved
            String hash = in.getString();
            byte[] signature = in.getBytes();
            if (in.available() > 0) {
                throw new RefusedException(
                        Reason.MALFORMED, "the SSH signature is followed by " + in.available() + " bytes");
            }
            return new SshSignature(key, namespace, hash, signature);
        } catch (SshException | RuntimeException e) {
            throw new RefusedException(Reason.MALFORMED, "the SSH signature cannot be read: " + e.getMessage());
        }
    }

    /** The key itself, also if the signature has a certificate for it. */
    PublicKey ownKey() {
        return key instanceof OpenSshCertificate certificate ? certificate.getCertPubKey() : key;
    }

    String keyName() {
        return name(ownKey());
    }

    static String name(PublicKey key) {
        return "SSH key " + KeyUtils.getKeyType(key) + " " + KeyUtils.getFingerPrint(key);
    }

    static SshPublicKeyText text(PublicKey key) {
        ByteArrayBuffer out = new ByteArrayBuffer();
        out.putRawPublicKey(key);
        return SshPublicKeyText.of(out.getCompactData());
    }

    /** Checks that the key made this signature over the payload, with an algorithm that is accepted. */
    void verify(byte[] payload) throws RefusedException {
        String digest = HASHES.get(hash);
        if (digest == null) {
            throw new RefusedException(Reason.WEAK_ALGORITHM, "hash algorithm \"" + hash + "\" of an SSH signature");
        }
        Buffer signed = new ByteArrayBuffer();
        signed.putRawBytes(MAGIC);
        signed.putString(namespace);
        signed.putString("");
        signed.putString(hash);
        try {
            signed.putBytes(MessageDigest.getInstance(digest).digest(payload));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        verify(ownKey(), signature, signed.getCompactData());
    }

    /**
     * Checks a signature of a key.
     *
     * @param signature algorithm and value, as SSH encodes them
     */
    static void verify(PublicKey key, byte[] signature, byte[] signed) throws RefusedException {
        ByteArrayBuffer in = new ByteArrayBuffer(signature);
        String algorithm = in.getString();
        byte[] value = in.getBytes();
        refuseWeak(key, algorithm);
        boolean securityKey = key instanceof SecurityKeyPublicKey;
        if (!securityKey && in.available() > 0) {
            throw new RefusedException(Reason.MALFORMED, "the value of the SSH signature is followed by other bytes");
        }
        boolean valid;
        try {
            Signature verifier = BuiltinSignatures.fromFactoryName(algorithm).create();
            verifier.initVerifier(null, key);
            verifier.update(null, signed);
            // For a security key, flags and a counter follow the value.
            valid = verifier.verify(null, securityKey ? signature : value);
        } catch (Exception e) {
            valid = false;
        }
        if (!valid) {
            throw new RefusedException(Reason.BAD_SIGNATURE, "it is not a signature of this object by " + name(key));
        }
    }

    private static void refuseWeak(PublicKey key, String algorithm) throws RefusedException {
        Set<String> accepted = ALGORITHMS.getOrDefault(String.valueOf(KeyUtils.getKeyType(key)), Set.of());
        if (!accepted.contains(algorithm)) {
            throw new RefusedException(Reason.WEAK_ALGORITHM, "algorithm \"" + algorithm + "\" of " + name(key));
        }
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < SMALLEST_RSA) {
            throw new RefusedException(
                    Reason.WEAK_ALGORITHM,
                    name(key) + " with " + rsa.getModulus().bitLength() + " bits; the minimum is " + SMALLEST_RSA);
        }
    }
}
