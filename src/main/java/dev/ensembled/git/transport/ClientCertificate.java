package dev.ensembled.git.transport;

import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * The certificate with which this client identifies itself to an HTTPS server, and its key, as the files have them at one time.
 * Errors never show the content of a file.
 */
final class ClientCertificate {
    private static final char[] IN_MEMORY = new char[0];
    private static final byte[] PROBE = "ensembled".getBytes(StandardCharsets.US_ASCII);

    private final MountedFile certificateFile;
    private final MountedFile keyFile;
    private final byte[] certificate;
    private final byte[] key;

    private ClientCertificate(MountedFile certificateFile, MountedFile keyFile, byte[] certificate, byte[] key) {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.certificate = certificate;
        this.key = key;
    }

    /** Reads both files; empty while neither of them exists. */
    static Optional<ClientCertificate> read(MountedFile certificateFile, MountedFile keyFile)
            throws SourceFailedException {
        Optional<byte[]> certificate = certificateFile.content();
        Optional<byte[]> key = keyFile.content();
        if (certificate.isEmpty() && key.isEmpty()) {
            return Optional.empty();
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            MountedFile absent = certificate.isEmpty() ? certificateFile : keyFile;
            MountedFile present = certificate.isEmpty() ? keyFile : certificateFile;
            throw absent.failed(
                    "does not exist, but " + present.path() + " does",
                    "Mount both files, or neither of them: a client certificate requires its key.",
                    null);
        }
        return Optional.of(new ClientCertificate(certificateFile, keyFile, certificate.get(), key.get()));
    }

    byte[] certificate() {
        return certificate;
    }

    byte[] key() {
        return key;
    }

    /** The certificate and its key for TLS handshakes. */
    KeyManager[] keyManagers() throws GeneralSecurityException, IOException, SourceFailedException {
        Certificate[] chain = chain();
        PrivateKey own = privateKey();
        requireMatch(chain[0], own);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("client", own, IN_MEMORY, chain);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, IN_MEMORY);
        return managers.getKeyManagers();
    }

    private Certificate[] chain() throws SourceFailedException {
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificate))
                    .toArray(Certificate[]::new);
            if (chain.length > 0) {
                return chain;
            }
            throw unusable(certificateFile, "contains no certificate", null);
        } catch (CertificateException e) {
            throw unusable(certificateFile, "contains no certificate that can be read", e);
        }
    }

    private PrivateKey privateKey() throws SourceFailedException {
        try (PEMParser pem = new PEMParser(new StringReader(new String(key, StandardCharsets.ISO_8859_1)))) {
            for (Object found = pem.readObject(); found != null; found = pem.readObject()) {
                if (found instanceof PEMEncryptedKeyPair || found instanceof PKCS8EncryptedPrivateKeyInfo) {
                    throw unusable(keyFile, "is encrypted, which is not supported", null);
                }
                if (found instanceof PEMKeyPair pair) {
                    return new JcaPEMKeyConverter().getKeyPair(pair).getPrivate();
                }
                if (found instanceof PrivateKeyInfo info) {
                    return new JcaPEMKeyConverter().getPrivateKey(info);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw unusable(keyFile, "contains a private key that is damaged or of an unsupported type", e);
        }
        throw unusable(keyFile, "contains no private key", null);
    }

    /** A key of another certificate would only appear as a failed handshake. */
    private void requireMatch(Certificate own, PrivateKey secret) throws SourceFailedException {
        try {
            Signature signature = Signature.getInstance(algorithm(secret));
            signature.initSign(secret);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(own.getPublicKey());
            signature.update(PROBE);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw unusable(keyFile, "is not the key of the certificate in " + certificateFile.path(), e);
        }
        throw unusable(keyFile, "is not the key of the certificate in " + certificateFile.path(), null);
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC", "ECDSA" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }

    private static SourceFailedException unusable(MountedFile file, String problem, Exception cause) {
        return file.failed(
                problem, "Mount a certificate and its private key without a passphrase, both in PEM format.", cause);
    }
}
