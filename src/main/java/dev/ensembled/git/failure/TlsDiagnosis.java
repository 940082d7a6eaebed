package dev.ensembled.git.failure;

import dev.ensembled.git.failure.Diagnosis.Finding;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import java.nio.file.Files;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Explains the TLS errors with which a fetch fails. */
final class TlsDiagnosis {
    private static final Pattern REFUSED_OWN = Pattern.compile("fatal alert: (?:bad_certificate|certificate_unknown"
            + "|unknown_ca|certificate_expired|certificate_revoked|access_denied)");

    private final String server;
    private final boolean mounted;

    TlsDiagnosis(GitSettings settings) {
        this.server = settings.url().server();
        this.mounted = settings.files()
                .http()
                .clientCertificate()
                .filter(Files::exists)
                .isPresent();
    }

    Optional<Finding> of(Throwable failure) {
        return Diagnosis.cause(failure, SSLException.class).flatMap(failed -> {
            String text = Diagnosis.messages(failed);
            return noTls(text)
                    .or(() -> ownRefused(text))
                    .or(() -> notNow(failure))
                    .or(() -> notTrusted(text))
                    .or(() -> Finding.of(
                            "TLS handshake with " + server + " failed: " + DisplayText.oneLine(text),
                            "Check the TLS versions and cipher suites that the server allows, and proxies on the way to"
                                    + " it."));
        });
    }

    private Optional<Finding> noTls(String text) {
        return text.contains("Unsupported or unrecognized SSL message") || text.contains("plaintext connection")
                ? Finding.of(
                        server + " does not use TLS; the port probably serves plain HTTP",
                        "Check the port in the URL. Plain HTTP is supported only without credentials.")
                : Optional.empty();
    }

    /** The server ends the handshake with an alert about the certificate of this client, or about its absence. */
    private Optional<Finding> ownRefused(String text) {
        if (text.contains("certificate_required")) {
            // A client sends none if the server names authorities, and the certificate is not of one of them.
            return mounted
                    ? Finding.of(
                            server + " does not trust the authority of the client certificate",
                            "Check that tls.crt was issued by an authority that the server trusts, and that it also contains the"
                                    + " intermediate certificates.")
                    : Finding.of(
                            server + " requires a client certificate",
                            "Mount a certificate that the server accepts as tls.crt, and its key as tls.key.");
        }
        return REFUSED_OWN.matcher(text).find()
                ? Finding.of(
                        server + " rejected the client certificate, or requires one: " + DisplayText.oneLine(text),
                        "Check that tls.crt has not expired, and that the server trusts its authority.")
                : Optional.empty();
    }

    private Optional<Finding> notNow(Throwable failure) {
        if (Diagnosis.cause(failure, CertificateExpiredException.class).isPresent()) {
            return Finding.of(
                    "The certificate of " + server + " has expired",
                    "Renew the certificate of the server; also check the clock of this machine.");
        }
        return Diagnosis.cause(failure, CertificateNotYetValidException.class)
                .flatMap(early -> Finding.of(
                        "The certificate of " + server + " is not valid yet",
                        "Check the clock of this machine, and the certificate."));
    }

    private Optional<Finding> notTrusted(String text) {
        String said = text.toLowerCase(Locale.ROOT);
        if (said.contains("subject alternative") || said.contains("no name matching")) {
            return Finding.of(
                    "The certificate of " + server + " is not valid for this host name: " + DisplayText.oneLine(text),
                    "Use a host name in the URL for which the certificate is valid. If the host name is correct, another"
                            + " server may be responding.");
        }
        return said.contains("pkix") || said.contains("trustanchor")
                ? Finding.of(
                        "The certificate of " + server + " is not trusted: unknown certificate authority ("
                                + DisplayText.oneLine(text) + ")",
                        "Mount the CA certificates of the server as ca.crt. If the certificate was trusted before,"
                                + " another server may be impersonating it.")
                : Optional.empty();
    }
}
