package dev.ensembled.forge.github;

import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.settings.ObtainedCredentials;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.transport.HttpClients;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** The credentials with which a GitHub App fetches its repository over HTTPS: a token that reads this repository only. */
public final class AppLogin implements ObtainedCredentials {
    private static final String USER = "x-access-token";

    private final AppFiles files;
    private final AppCredentials credentials;

    AppLogin(AppFiles files, URI api, String repository, HttpClients clients, Clock clock) {
        this.files = files;
        this.credentials = new AppCredentials(files, api, repository, AppCredentials.CONTENTS, clients, clock);
    }

    /**
     * Returns the credentials for a repository.
     *
     * @param directory where the files of an App may be, now or later, and {@code ca.crt} for the server
     * @return empty if the URL cannot be that of a repository on GitHub
     */
    public static Optional<ObtainedCredentials> of(RemoteUrl url, Path directory) {
        return GitHubRepository.of(url)
                .map(found -> new AppLogin(
                        new AppFiles(directory),
                        found.api(),
                        found.name(),
                        new HttpClients(Optional.of(directory.resolve("ca.crt")), files(url, found, directory)),
                        Clock.systemUTC()));
    }

    /** A client certificate is for the configured server only, and github.com has its API on another one. */
    private static HttpFiles files(RemoteUrl url, GitHubRepository found, Path directory) {
        HttpFiles all = HttpFiles.in(directory);
        return url.host().equalsIgnoreCase(found.api().getHost()) ? all : all.withoutClientCertificate();
    }

    @Override
    public Optional<Login> current() throws SourceFailedException {
        if (!files.present()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Login(USER, credentials.token()));
        } catch (ForgeFailedException e) {
            throw new SourceFailedException(e.getMessage(), e.toDo(), e);
        }
    }

    @Override
    public void refused() {
        credentials.renew();
    }
}
