package dev.ensembled.forge.github;

import dev.ensembled.forge.settings.ForgeSettings;
import dev.ensembled.git.settings.RemoteUrl;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository on GitHub, by the URL from which it is fetched.
 *
 * @param api the address of the API: of github.com, of an enterprise with data residency (ghe.com), or of an Enterprise
 *     Server
 * @param name its path, {@code owner/name}
 */
public record GitHubRepository(URI api, String name) {
    private static final Pattern HTTPS = Pattern.compile("https://([^/]+)/([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)");

    /** Returns the repository of an https URL; empty if the URL cannot be that of a repository on GitHub. */
    public static Optional<GitHubRepository> of(RemoteUrl url) {
        Matcher parts = HTTPS.matcher(url.identity());
        return parts.matches()
                ? Optional.of(new GitHubRepository(ForgeSettings.Type.GITHUB.api(parts.group(1)), parts.group(2)))
                : Optional.empty();
    }
}
