package dev.ensembled.git.settings;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Files with what a server or a proxy may require of a client besides a password or token. They are read again for each
 * fetch.
 *
 * @param clientCertificate the certificate that this client presents in the TLS handshake, and the certificates between it and
 *     its authority, in PEM
 * @param clientKey the private key of that certificate, in PEM, not encrypted
 * @param proxyUsername the user name for the HTTP proxy
 * @param proxyPassword the password for the HTTP proxy
 */
public record HttpFiles(
        Optional<Path> clientCertificate,
        Optional<Path> clientKey,
        Optional<Path> proxyUsername,
        Optional<Path> proxyPassword) {
    public HttpFiles {
        Objects.requireNonNull(clientCertificate, "clientCertificate");
        Objects.requireNonNull(clientKey, "clientKey");
        Objects.requireNonNull(proxyUsername, "proxyUsername");
        Objects.requireNonNull(proxyPassword, "proxyPassword");
    }

    public static HttpFiles none() {
        return new HttpFiles(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same files without those of the certificate, which a connection without TLS does not need. */
    public HttpFiles withoutClientCertificate() {
        return new HttpFiles(Optional.empty(), Optional.empty(), proxyUsername, proxyPassword);
    }

    /** The files as a Secret in a cluster has them, whether they exist or not. */
    public static HttpFiles in(Path directory) {
        return new HttpFiles(
                Optional.of(directory.resolve("tls.crt")),
                Optional.of(directory.resolve("tls.key")),
                Optional.of(directory.resolve("proxy-username")),
                Optional.of(directory.resolve("proxy-password")));
    }
}
