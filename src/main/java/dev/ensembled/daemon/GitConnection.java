package dev.ensembled.daemon;

import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.reference.Reference;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import dev.ensembled.reconciler.accept.Origin;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Converts the settings {@code ENSEMBLED_GIT_*} to those of the source {@code default}. */
final class GitConnection {
    private GitConnection() {}

    /**
     * Returns the settings of the source.
     *
     * @return empty if no repository is configured
     * @throws IllegalArgumentException if a setting is invalid; the message names it and says how to correct it
     */
    static Optional<SourceSettings> of(Settings.Git git) {
        return git.uri().filter(uri -> !uri.isBlank()).map(uri -> {
            GitSettings settings = new GitSettings(
                    RemoteUrl.of(uri),
                    reference(git),
                    git.allowRewrite(),
                    git.path().orElse(""),
                    git.interval(),
                    git.timeout(),
                    SourceSettings.files(RemoteUrl.of(uri), git.credentials()),
                    cache(git),
                    new SignaturePolicy(git.verify(), git.signers()));
            return new SourceSettings(
                    Origin.DEFAULT_NAME, settings, git.credentials(), Set.of(), forge(git.forge(), settings));
        });
    }

    /** The directory in which fetched objects of the source are kept, and those of other sources in directories below it. */
    static Path cache(Settings.Git git) {
        return git.cache().orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "ensembled-git"));
    }

    private static Optional<ForgeSettings> forge(Settings.Forge forge, GitSettings git) {
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
        Map<String, Optional<String>> values =
                Map.of("branch", git.branch(), "tag", git.tag(), "semver", git.semver(), "commit", git.commit());
        return ReferenceChoice.of(values::get, setting -> "ENSEMBLED_GIT_" + setting.toUpperCase(Locale.ROOT));
    }
}
