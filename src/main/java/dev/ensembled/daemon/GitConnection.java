package dev.ensembled.daemon;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import java.nio.file.Path;
import java.util.Optional;

/** Converts the settings to those of the Git source. */
final class GitConnection {
    private GitConnection() {}

    /**
     * Returns the settings of the Git source.
     *
     * @return empty if no repository is configured
     * @throws IllegalArgumentException if a setting is invalid; the message names it and says how to correct it
     */
    static Optional<GitSettings> of(Settings.Git git) {
        return git.uri()
                .filter(uri -> !uri.isBlank())
                .map(uri -> new GitSettings(
                        RemoteUrl.of(uri),
                        git.branch(),
                        git.path().orElse(""),
                        git.interval(),
                        git.timeout(),
                        credentials(git.credentials()),
                        git.cache().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "ensembled-git")),
                        new SignaturePolicy(git.verify(), git.signers())));
    }

    /** As Kubernetes mounts a Secret: one file per key; a file may be absent now and appear later. */
    private static GitSettings.Files credentials(Path directory) {
        return new GitSettings.Files(
                Optional.of(directory.resolve("username")),
                Optional.of(directory.resolve("password")),
                Optional.of(directory.resolve("ssh-privatekey")),
                Optional.of(directory.resolve("known_hosts")),
                Optional.of(directory.resolve("ca.crt")));
    }
}
