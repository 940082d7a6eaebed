package dev.ensembled.git.transport;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.HttpFiles;
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
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The HTTP client of a server. All requests share it; it is replaced only when a file with certificates or a key has
 * changed. Used by one thread.
 */
public final class HttpClients {
    private static final byte[] NONE = new byte[0];

    private final Optional<Path> authorities;
    private final HttpFiles files;
    private byte[][] used = {};
    private HttpClient client;

    /**
     * Creates the clients for one server. While the file with certificate authorities is absent, the authorities are those
     * that the Java runtime trusts.
     */
    public HttpClients(Optional<Path> authorities, HttpFiles files) {
        this.authorities = authorities;
        this.files = files;
    }

    /** Creates the clients for one repository. */
    public static HttpClients of(GitSettings settings) {
        HttpFiles files = settings.url().isHttp() ? settings.files().http() : HttpFiles.none();
        return new HttpClients(
                settings.files().certificateAuthorities(),
                settings.url().isPlainHttp() ? files.withoutClientCertificate() : files);
    }

    /**
     * Allows credentials for proxies in this process; to be called before any part of it uses the JDK's client for the first
     * time.
     */
    public static void allowProxyCredentials() {
        ProxyCredentials.allow();
    }

    /** Reads the files, and returns what the next fetch needs. */
    public HttpAccess current() throws SourceFailedException {
        return new HttpAccess(client(own()), ProxyCredentials.read(files));
    }

    private Optional<ClientCertificate> own() throws SourceFailedException {
        return files.clientCertificate().isPresent() && files.clientKey().isPresent()
                ? ClientCertificate.read(
                        new MountedFile(
                                "client certificate", files.clientCertificate().get()),
                        new MountedFile("client key", files.clientKey().get()))
                : Optional.empty();
    }

    private HttpClient client(Optional<ClientCertificate> own) throws SourceFailedException {
        try {
            byte[] wanted = authorities.isPresent()
                    ? new MountedFile("CA certificate", authorities.get())
                            .content()
                            .orElse(NONE)
                    : NONE;
            byte[][] all = {
                wanted,
                own.map(ClientCertificate::certificate).orElse(NONE),
                own.map(ClientCertificate::key).orElse(NONE)
            };
            if (client == null || !Arrays.deepEquals(used, all)) {
                client = create(wanted, own);
                used = all;
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

    private static HttpClient create(byte[] pem, Optional<ClientCertificate> own)
            throws IOException, GeneralSecurityException, SourceFailedException {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        Optional.ofNullable(ProxySelector.getDefault()).ifPresent(builder::proxy);
        if (pem.length > 0 || own.isPresent()) {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.isPresent() ? own.get().keyManagers() : null, pem.length > 0 ? trusting(pem) : null, null);
            builder.sslContext(context);
        }
        return builder.build();
    }

    private static TrustManager[] trusting(byte[] pem) throws IOException, GeneralSecurityException {
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
        return trust.getTrustManagers();
    }
}
