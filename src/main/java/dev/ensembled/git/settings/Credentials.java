package dev.ensembled.git.settings;

import dev.ensembled.git.settings.ObtainedCredentials.Login;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/**
 * The user name and the password or token of one fetch over HTTP. They are sent only to the configured server, also after a
 * redirect. An unknown certificate is never accepted.
 */
public final class Credentials extends CredentialsProvider {
    private final RemoteUrl url;
    private final String username;
    private final Optional<String> password;

    private Credentials(RemoteUrl url, String username, Optional<String> password) {
        this.url = url;
        this.username = username;
        this.password = password;
    }

    /** Reads the current content of the mounted files. */
    public static Credentials read(GitSettings settings) throws SourceFailedException {
        RemoteUrl url = settings.url();
        if (!url.isHttp()) {
            return new Credentials(url, RemoteUrl.DEFAULT_USER, Optional.empty());
        }
        Optional<String> username = text("username", settings.files().username());
        Optional<String> password = text("password or token", settings.files().password());
        password.ifPresent(secret -> Redaction.learn(username.orElse(RemoteUrl.DEFAULT_USER), secret));
        if (url.isPlainHttp() && (username.isPresent() || password.isPresent())) {
            throw new SourceFailedException(
                    "Credentials are configured, but " + url
                            + " uses plain HTTP; credentials are never sent unencrypted",
                    "Use an https URL, or remove the credential files.");
        }
        Optional<Login> obtained = obtained(settings);
        if (obtained.isEmpty()) {
            return new Credentials(url, username.orElse(RemoteUrl.DEFAULT_USER), password);
        }
        if (username.isPresent() || password.isPresent()) {
            throw new SourceFailedException(
                    "A password or token and the files of a GitHub App are configured for " + url,
                    "Remove either the files username and password, or app-id and private-key.pem.");
        }
        return new Credentials(
                url, obtained.get().username(), Optional.of(obtained.get().password()));
    }

    private static Optional<Login> obtained(GitSettings settings) throws SourceFailedException {
        Optional<ObtainedCredentials> source = settings.files().obtained();
        return source.isPresent() ? source.get().current() : Optional.empty();
    }

    private static Optional<String> text(String what, Optional<Path> file) throws SourceFailedException {
        return file.isPresent() ? new MountedFile(what, file.get()).text() : Optional.empty();
    }

    /** Whether there is a password or token. */
    public boolean complete() {
        return password.isPresent();
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
        boolean trusted = url.isHttp() && sameOrigin(uri);
        for (CredentialItem item : items) {
            if (!answered(item, trusted)) {
                return false;
            }
        }
        return true;
    }

    private boolean sameOrigin(URIish other) {
        try {
            return url.sameOrigin(new URI(other.setUser(null).setPass(null).toPrivateString()));
        } catch (URISyntaxException e) {
            return false;
        }
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
