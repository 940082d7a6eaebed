package dev.ensembled.daemon;

import dev.ensembled.git.GitSettings;
import dev.ensembled.git.RemoteUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes what the Git source wants out of the settings. */
final class GitConnection {
    private GitConnection() {}

    /**
     * The settings of the Git source.
     *
     * @return empty if there is none
     * @throws IllegalArgumentException if they make no sense; says which and what to write
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
                        git.cache().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "ensembled-git"))));
    }

    /** As Kubernetes mounts a Secret: one file per key, of which any may be absent. */
    private static GitSettings.Files credentials(Path directory) {
        return new GitSettings.Files(
                file(directory, "username"),
                file(directory, "password"),
                file(directory, "ssh-privatekey"),
                file(directory, "known_hosts"),
                file(directory, "ca.crt"));
    }

    private static Optional<Path> file(Path directory, String name) {
        return Optional.of(directory.resolve(name)).filter(Files::isReadable);
    }
}
