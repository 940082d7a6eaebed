package dev.ensembled.forge;

import dev.ensembled.forge.api.Forge;
import dev.ensembled.forge.gitea.GiteaForge;
import dev.ensembled.forge.http.ForgeClient;
import dev.ensembled.forge.http.TokenFile;
import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.transport.HttpClients;
import java.util.Optional;

/** The adapter for each kind of forge. */
final class Forges {
    private Forges() {}

    static Forge of(ForgeSettings settings) {
        HttpClients clients = new HttpClients(
                Optional.of(settings.credentials().resolve("ca.crt")), HttpFiles.in(settings.credentials()));
        TokenFile token = new TokenFile(settings.credentials().resolve("token"));
        return switch (settings.type()) {
            case GITEA ->
                new GiteaForge(
                        new ForgeClient(settings.api(), GiteaForge.headers(token), clients), settings.repository());
            case GITHUB, GITLAB -> throw new IllegalArgumentException("not supported yet");
        };
    }
}
