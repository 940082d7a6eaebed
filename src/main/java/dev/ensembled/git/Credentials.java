package dev.ensembled.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/**
 * The user name and password or token of one fetch. Given to the configured server only, also after a redirect. Never
 * accepts an unknown server key or certificate.
 */
final class Credentials extends CredentialsProvider {
    private final RemoteUrl url;
    private final String username;
    private final Optional<String> password;
    private volatile boolean missed;

    private Credentials(RemoteUrl url, String username, Optional<String> password) {
        this.url = url;
        this.username = username;
        this.password = password;
    }

    /** Reads the mounted files as they are now. */
    static Credentials read(GitSettings settings) throws SourceFailedException {
        GitSettings.Files files = settings.files();
        Optional<String> username = files.username().isPresent()
                ? Optional.of(content("user name", files.username().get()))
                : settings.url().user();
        Optional<String> password = files.password().isPresent()
                ? Optional.of(content("password or token", files.password().get()))
                : settings.url().password();
        return new Credentials(settings.url(), username.orElse(RemoteUrl.DEFAULT_USER), password);
    }

    /** A mounted file must be there; whoever mounts it ends it with a newline more often than not. */
    private static String content(String what, Path file) throws SourceFailedException {
        try {
            String content = Files.readString(file).strip();
            if (content.isEmpty()) {
                throw new SourceFailedException(
                        "The file with the " + what + ", " + file + ", is empty",
                        "Check the Secret that it is mounted from.");
            }
            return content;
        } catch (IOException e) {
            throw new SourceFailedException(
                    "The file with the " + what + ", " + file + ", cannot be read: " + e,
                    "Check that the Secret is mounted there and readable for this process.",
                    e);
        }
    }

    /** Any text without the password, should a server have sent it back. */
    String redact(String text) {
        return RemoteUrl.redact(
                password.map(secret -> text.replace(secret, "***")).orElse(text));
    }

    /** Whether a secret was asked for that is not configured. */
    boolean missed() {
        return missed;
    }

    @Override
    public boolean isInteractive() {
        return false;
    }

    @Override
    public boolean supports(CredentialItem... items) {
        for (CredentialItem item : items) {
            if (!(item instanceof CredentialItem.Username || item instanceof CredentialItem.Password)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean get(URIish uri, CredentialItem... items) {
        boolean trusted = url.isSsh() || url.sameServer(uri);
        for (CredentialItem item : items) {
            if (!answered(item, trusted)) {
                return false;
            }
        }
        return true;
    }

    private boolean answered(CredentialItem item, boolean trusted) {
        if (item instanceof CredentialItem.YesNoType question) {
            question.setValue(false);
            return true;
        }
        if (item instanceof CredentialItem.InformationalMessage) {
            return true;
        }
        if (!trusted || password.isEmpty()) {
            missed = true;
            return false;
        }
        if (item instanceof CredentialItem.Username name) {
            name.setValue(username);
            return true;
        }
        if (item instanceof CredentialItem.Password secret) {
            secret.setValue(password.get().toCharArray());
            return true;
        }
        return false;
    }
}
