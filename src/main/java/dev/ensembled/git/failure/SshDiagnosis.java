package dev.ensembled.git.failure;

import dev.ensembled.git.failure.Diagnosis.Finding;
import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import java.util.Locale;
import java.util.Optional;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;

/** Explains the SSH errors with which a fetch fails; a refused host key is reported before. Pure. */
final class SshDiagnosis {
    private final GitSettings settings;

    SshDiagnosis(GitSettings settings) {
        this.settings = settings;
    }

    Optional<Finding> of(Throwable failure) {
        String server = settings.url().server();
        int code = Diagnosis.cause(failure, SshException.class)
                .map(SshException::getDisconnectCode)
                .orElse(0);
        String said = Diagnosis.messages(failure).toLowerCase(Locale.ROOT);
        if (code == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE) {
            return Finding.of(
                    settings.url() + " rejected the private key in "
                            + settings.files().privateKey().orElseThrow() + " for the user "
                            + (settings.url().user().isPresent() ? "of the URL" : RemoteUrl.DEFAULT_USER),
                    "Add the public key to the repository (as a deploy key), and check the user in the URL.");
        }
        if (code == SshConstants.SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE || said.contains("certificate")) {
            return Finding.of(
                    "Host key verification failed for " + server + ": "
                            + DisplayText.oneLine(Diagnosis.messages(failure)),
                    "Ask the operator of the server. Its host certificate may have expired, or may be issued for another name.");
        }
        if (said.contains("identification") || said.contains("session is being closed")) {
            return Finding.of(
                    server + " is not an SSH server, or closed the connection immediately",
                    "Check host and port in the URL (the default SSH port is 22), and that the server allows connections"
                            + " from this machine.");
        }
        if (said.contains("unable to negotiate")) {
            return Finding.of(
                    "No SSH algorithm in common with " + server + ": "
                            + DisplayText.oneLine(Diagnosis.messages(failure)),
                    "Update the SSH server, or enable current algorithms there.");
        }
        return Optional.empty();
    }
}
