package dev.ensembled.daemon;

import dev.ensembled.forge.github.AppLogin;
import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.settings.RemoteUrl;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of one source, however it is configured.
 *
 * @param name no other source of the installation has it
 * @param git what to fetch, and how
 * @param credentials the directory with credentials, which may also have the secret of webhooks
 * @param namespaces the namespaces that the source may touch; empty for all that the installation may manage
 * @param forge where changes of the repository are reviewed; empty if nothing is reported to it
 */
record SourceSettings(
        String name, GitSettings git, Path credentials, Set<String> namespaces, Optional<ForgeSettings> forge) {
    SourceSettings {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(git, "git");
        Objects.requireNonNull(credentials, "credentials");
        namespaces = Set.copyOf(namespaces);
        Objects.requireNonNull(forge, "forge");
    }

    /** As Kubernetes mounts a Secret: one file per key; a file may be absent now and appear later. */
    static GitSettings.Files files(RemoteUrl url, Path credentials) {
        GitSettings.Files files = new GitSettings.Files(
                Optional.of(credentials.resolve("username")),
                Optional.of(credentials.resolve("password")),
                Optional.of(credentials.resolve("ssh-privatekey")),
                Optional.of(credentials.resolve("known_hosts")),
                Optional.of(credentials.resolve("ca.crt")));
        return files.with(HttpFiles.in(credentials)).with(AppLogin.of(url, credentials));
    }
}
