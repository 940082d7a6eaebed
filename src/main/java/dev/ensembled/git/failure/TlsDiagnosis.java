package dev.ensembled.git.failure;

import dev.ensembled.git.failure.Diagnosis.Said;
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

    Optional<Said> of(Throwable failure) {
        return Diagnosis.cause(failure, SSLException.class).flatMap(failed -> {
            String text = Diagnosis.messages(failed);
            return noTls(text)
                    .or(() -> notNow(failure))
                    .or(() -> notTrusted(text))
                    .or(() -> Said.of(
                            "There is no TLS connection to " + server + ": " + DisplayText.oneLine(text),
                            "Check the versions and ciphers of TLS that the server allows, and whether something is in"
                                    + " between."));
        });
    }

    private Optional<Said> noTls(String text) {
        return text.contains("Unsupported or unrecognized SSL message") || text.contains("plaintext connection")
                ? Said.of(
                        server + " does not speak TLS: what answers at that port is probably plain http",
                        "Check the port in the URL. Plain http is possible only without credentials.")
                : Optional.empty();
    }

    private Optional<Said> notNow(Throwable failure) {
        if (Diagnosis.cause(failure, CertificateExpiredException.class).isPresent()) {
            return Said.of(
                    "The certificate of " + server + " has expired",
                    "Have the operator of the server renew it; check the clock of this machine too.");
        }
        return Diagnosis.cause(failure, CertificateNotYetValidException.class)
                .flatMap(early -> Said.of(
                        "The certificate of " + server + " is not valid yet",
                        "Check the clock of this machine, and the certificate."));
    }

    private Optional<Said> notTrusted(String text) {
        String said = text.toLowerCase(Locale.ROOT);
        if (said.contains("subject alternative") || said.contains("no name matching")) {
            return Said.of(
                    "The certificate of " + server + " is for another name: " + DisplayText.oneLine(text),
                    "Use the name in the URL that the certificate is for. If it is right as it is, another server answers"
                            + " there.");
        }
        return said.contains("pkix") || said.contains("trustanchor")
                ? Said.of(
                        "There is no trust in the certificate of " + server
                                + ": it is not signed by an authority that is known here (" + DisplayText.oneLine(text)
                                + ")",
                        "Mount the file with the certificate authorities of that server (ca.crt). If it was trusted before,"
                                + " another server may pose as it.")
                : Optional.empty();
    }
}
