package dev.ensembled.git;

import dev.ensembled.git.Diagnosis.Said;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** What can go wrong between two ends of TLS. Pure. */
final class TlsDiagnosis {
    private final GitSettings settings;

    TlsDiagnosis(GitSettings settings) {
        this.settings = settings;
    }

    Optional<Said> of(Throwable failure) {
        Optional<SSLException> failed = Diagnosis.cause(failure, SSLException.class);
        if (failed.isEmpty()) {
            return Optional.empty();
        }
        String server = settings.url().server();
        String text = Diagnosis.messages(failed.get());
        String said = text.toLowerCase(Locale.ROOT);
        if (said.contains("unrecognized ssl message") || said.contains("plaintext connection")) {
            return Said.of(
                    server + " does not speak TLS: what answers at that port is probably plain http",
                    "Check the port in the URL. Plain http is possible only without credentials.");
        }
        if (Diagnosis.cause(failure, CertificateExpiredException.class).isPresent()) {
            return Said.of(
                    "The certificate of " + server + " has expired",
                    "Have the operator of the server renew it; check the clock of this machine too.");
        }
        if (Diagnosis.cause(failure, CertificateNotYetValidException.class).isPresent()) {
            return Said.of(
                    "The certificate of " + server + " is not valid yet",
                    "Check the clock of this machine, and the certificate.");
        }
        if (said.contains("subject alternative") || said.contains("no name matching")) {
            return Said.of(
                    "The certificate of " + server + " is for another name: " + Diagnosis.oneLine(text),
                    "Use the name in the URL that the certificate is for. If it is right as it is, another server answers"
                            + " there.");
        }
        if (said.contains("certification path") || said.contains("trustanchor")) {
            return Said.of(
                    "There is no trust in the certificate of " + server
                            + ": it is signed by an authority that is unknown" + " here",
                    "Mount the file with the certificate authorities of that server (ca.crt). If it was trusted before,"
                            + " another server may pose as it.");
        }
        return Said.of(
                "There is no TLS connection to " + server + ": " + Diagnosis.oneLine(text),
                "Check the versions and ciphers of TLS that the server allows, and whether something is in between.");
    }
}
