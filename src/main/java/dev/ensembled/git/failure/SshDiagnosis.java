package dev.ensembled.git.failure;

import dev.ensembled.git.failure.Diagnosis.Said;
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

    Optional<Said> of(Throwable failure) {
        String server = settings.url().server();
        int code = Diagnosis.cause(failure, SshException.class)
                .map(SshException::getDisconnectCode)
                .orElse(0);
        String said = Diagnosis.messages(failure).toLowerCase(Locale.ROOT);
        if (code == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE) {
            return Said.of(
                    settings.url() + " does not accept the private key in "
                            + settings.files().privateKey().orElseThrow() + " for the user "
                            + (settings.url().user().isPresent() ? "of the URL" : RemoteUrl.DEFAULT_USER),
                    "Register its public key with the repository, and check the user in the URL.");
        }
        if (code == SshConstants.SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE || said.contains("certificate")) {
            return Said.of(
                    "The SSH server at " + server + " cannot prove that it is the one: "
                            + DisplayText.oneLine(Diagnosis.messages(failure)),
                    "Ask its operator; a host certificate may have expired, or be for another name.");
        }
        if (said.contains("identification") || said.contains("session is being closed")) {
            return Said.of(
                    server + " does not speak SSH, or ends the connection at once",
                    "Check host and port in the URL (the usual port of SSH is 22), and whether the server lets this machine"
                            + " in.");
        }
        if (said.contains("unable to negotiate")) {
            return Said.of(
                    "The SSH server at " + server + " and this client have no algorithm in common: "
                            + DisplayText.oneLine(Diagnosis.messages(failure)),
                    "Update the server, or allow current algorithms there.");
        }
        return Optional.empty();
    }
}
