package dev.ensembled.forge;

import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.gitea.GiteaForge;
import dev.ensembled.forge.github.AppCredentials;
import dev.ensembled.forge.github.AppFiles;
import dev.ensembled.forge.github.GitHubForge;
import dev.ensembled.forge.gitlab.GitLabForge;
import dev.ensembled.forge.http.ForgeClient;
import dev.ensembled.forge.http.TokenFile;
import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.transport.HttpClients;
import java.time.Clock;
import java.util.Optional;

/** The adapter for each kind of forge. Whether GitHub is used as an App is decided at the start, by its files. */
final class Forges {
    private Forges() {}

    static Forge of(ForgeSettings settings, Clock clock) {
        HttpClients clients = new HttpClients(
                Optional.of(settings.credentials().resolve("ca.crt")), HttpFiles.in(settings.credentials()));
        TokenFile token = new TokenFile(settings.credentials().resolve("token"));
        String repository = settings.repository();
        return switch (settings.type()) {
            case GITEA ->
                new GiteaForge(new ForgeClient(settings.api(), GiteaForge.headers(token), clients), repository);
            case GITLAB ->
                new GitLabForge(new ForgeClient(settings.api(), GitLabForge.headers(token), clients), repository);
            case GITHUB -> gitHub(settings, token, clients, clock);
        };
    }

    private static Forge gitHub(ForgeSettings settings, TokenFile token, HttpClients clients, Clock clock) {
        AppFiles files = new AppFiles(settings.credentials());
        if (!files.present()) {
            ForgeClient client = new ForgeClient(settings.api(), GitHubForge.headers(token), clients);
            return GitHubForge.withToken(client, settings.repository());
        }
        AppCredentials app = new AppCredentials(
                files, settings.api(), settings.repository(), AppCredentials.PULL_REQUESTS, clients, clock);
        return GitHubForge.asApp(new ForgeClient(settings.api(), app, clients), settings.repository(), app);
    }
}
