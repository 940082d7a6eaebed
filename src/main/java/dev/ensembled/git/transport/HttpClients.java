package dev.ensembled.git.transport;

import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The HTTP client of a repository. All fetches share it; it is replaced only when the file with the certificate authorities
 * has changed. Used by one thread.
 */
public final class HttpClients {
    private static final byte[] NONE = new byte[0];

    private final Optional<Path> authorities;
    private byte[] trusted = NONE;
    private HttpClient client;

    /**
     * Creates the clients for one repository.
     *
     * @param authorities the file with certificate authorities in PEM; without a path, and while the file is absent, the
     *     authorities are those that the Java runtime trusts
     */
    public HttpClients(Optional<Path> authorities) {
        this.authorities = authorities;
    }

    public HttpClient current() throws SourceFailedException {
        try {
            byte[] wanted = authorities.isPresent()
                    ? new MountedFile("CA certificate", authorities.get())
                            .content()
                            .orElse(NONE)
                    : NONE;
            if (client == null || !Arrays.equals(trusted, wanted)) {
                client = create(wanted);
                trusted = wanted;
            }
            return client;
        } catch (IOException | GeneralSecurityException e) {
            throw new SourceFailedException(
                    "The CA certificate file " + authorities.map(Path::toString).orElse("none") + " cannot be used: "
                            + e,
                    "The file must contain one or more certificates in PEM format.",
                    e);
        }
    }

    private HttpClient create(byte[] pem) throws IOException, GeneralSecurityException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        Optional.ofNullable(ProxySelector.getDefault()).ifPresent(builder::proxy);
        if (pem.length > 0) {
            builder.sslContext(trusting(pem));
        }
        return builder.build();
    }

    private static SSLContext trusting(byte[] pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate one :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
            store.setCertificateEntry("ca-" + store.size(), one);
        }
        if (store.size() == 0) {
            throw new IOException("it contains no certificate");
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
