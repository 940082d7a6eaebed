package dev.ensembled.daemon;

import dev.ensembled.forge.github.AppLogin;
import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.reference.Branch;
import dev.ensembled.git.reference.FixedCommit;
import dev.ensembled.git.reference.Reference;
import dev.ensembled.git.reference.Tag;
import dev.ensembled.git.reference.VersionRange;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Converts the settings to those of the Git source. */
final class GitConnection {
    private static final String DEFAULT_BRANCH = "main";

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
                        reference(git),
                        git.allowRewrite(),
                        git.path().orElse(""),
                        git.interval(),
                        git.timeout(),
                        credentials(git.credentials()).with(AppLogin.of(RemoteUrl.of(uri), git.credentials())),
                        git.cache().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "ensembled-git")),
                        new SignaturePolicy(git.verify(), git.signers())));
    }

    /**
     * Returns the settings of the forge of a source.
     *
     * @return empty if no forge is configured
     * @throws IllegalArgumentException if a setting is invalid; the message names it and says how to correct it
     */
    static Optional<ForgeSettings> forge(Settings.Forge forge, GitSettings git) {
        return forge.type()
                .map(type -> ForgeSettings.of(
                        type,
                        git.url(),
                        forge.api().filter(text -> !text.isBlank()),
                        forge.repository().filter(text -> !text.isBlank()),
                        forge.credentials(),
                        forge.forks(),
                        forge.context()));
    }

    private static Reference reference(Settings.Git git) {
        Map<String, Supplier<Reference>> set = new LinkedHashMap<>();
        ifSet(git.branch(), value -> set.put("ENSEMBLED_GIT_BRANCH", () -> new Branch(value)));
        ifSet(git.tag(), value -> set.put("ENSEMBLED_GIT_TAG", () -> new Tag(value)));
        ifSet(git.semver(), value -> set.put("ENSEMBLED_GIT_SEMVER", () -> new VersionRange(value)));
        ifSet(git.commit(), value -> set.put("ENSEMBLED_GIT_COMMIT", () -> new FixedCommit(value)));
        if (set.size() > 1) {
            throw new IllegalArgumentException(String.join(" and ", set.keySet())
                    + " are set, but a source follows one reference: leave only one of them set");
        }
        return set.isEmpty()
                ? new Branch(DEFAULT_BRANCH)
                : set.values().iterator().next().get();
    }

    private static void ifSet(Optional<String> setting, Consumer<String> then) {
        setting.map(String::strip).filter(value -> !value.isEmpty()).ifPresent(then);
    }

    /** As Kubernetes mounts a Secret: one file per key; a file may be absent now and appear later. */
    private static GitSettings.Files credentials(Path directory) {
        GitSettings.Files files = new GitSettings.Files(
                Optional.of(directory.resolve("username")),
                Optional.of(directory.resolve("password")),
                Optional.of(directory.resolve("ssh-privatekey")),
                Optional.of(directory.resolve("known_hosts")),
                Optional.of(directory.resolve("ca.crt")));
        return files.with(HttpFiles.in(directory));
    }
}
