package dev.ensembled.git.transport;

import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.settings.MountedFile;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.git.settings.SourceFailedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * The value of the header Proxy-Authorization. The JDK's client sends this header only to a proxy: neither through its tunnel
 * nor to a server that is reached without a proxy. (The client's authenticator is not used: it would also take over the
 * responses 401 of servers, which JGit answers.)
 */
record ProxyCredentials(String header) {
    private static final String DISABLED_FOR_TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

    /**
     * Allows basic authentication at a proxy for HTTPS, which the JDK disables by default, unless the property is set
     * explicitly. Has an effect only before the JDK's client is used for the first time.
     */
    static void allow() {
        if (System.getProperty(DISABLED_FOR_TUNNELS) == null) {
            System.setProperty(DISABLED_FOR_TUNNELS, "");
        }
    }

    /** Reads the current content of the files; empty while neither of them exists. */
    static Optional<ProxyCredentials> read(HttpFiles files) throws SourceFailedException {
        Optional<String> user = text("proxy user name", files.proxyUsername());
        Optional<String> password = text("proxy password", files.proxyPassword());
        if (user.isEmpty() && password.isEmpty()) {
            return Optional.empty();
        }
        if (user.isEmpty() || password.isEmpty()) {
            Path absent = (user.isEmpty() ? files.proxyUsername() : files.proxyPassword()).orElseThrow();
            throw new SourceFailedException(
                    "The credentials for the proxy are incomplete: " + absent + " does not exist",
                    "Mount both files, proxy-username and proxy-password, or neither of them.");
        }
        Redaction.learn(user.get(), password.get());
        String pair = user.get() + ":" + password.get();
        return Optional.of(new ProxyCredentials(
                "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));
    }

    private static Optional<String> text(String what, Optional<Path> file) throws SourceFailedException {
        return file.isPresent() ? new MountedFile(what, file.get()).text() : Optional.empty();
    }

    @Override
    public String toString() {
        return "***";
    }
}
