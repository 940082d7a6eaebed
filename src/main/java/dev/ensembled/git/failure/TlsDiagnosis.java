package dev.ensembled.git.failure;

import dev.ensembled.git.failure.Diagnosis.Finding;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Explains the TLS errors with which a fetch fails. Pure. */
final class TlsDiagnosis {
    private final String server;

    TlsDiagnosis(GitSettings settings) {
        this.server = settings.url().server();
    }

    Optional<Finding> of(Throwable failure) {
        return Diagnosis.cause(failure, SSLException.class).flatMap(failed -> {
            String text = Diagnosis.messages(failed);
            return noTls(text)
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
