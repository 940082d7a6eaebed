package dev.ensembled.forge.settings;

import dev.ensembled.git.settings.RemoteUrl;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The forge of one source. An invalid setting causes an {@link IllegalArgumentException} that says what to write instead and
 * never contains a secret.
 *
 * @param api the address of the API; https, or http on this machine, since the token is sent there
 * @param repository the path of the repository on the forge, such as {@code owner/name}
 * @param credentials the directory with the token, or with the key of a GitHub App, and optionally {@code ca.crt}
 * @param forks whether pull requests from other repositories are planned
 * @param context the first part of the names of the statuses; different for each installation that follows the repository
 */
public record ForgeSettings(Type type, URI api, String repository, Path credentials, boolean forks, String context) {

    /** The kinds of forges. */
    public enum Type {
        /** Gitea and Forgejo. */
        GITEA("/api/v1"),
        GITHUB("/api/v3"),
        GITLAB("/api/v4");

        private final String apiPath;

        Type(String apiPath) {
            this.apiPath = apiPath;
        }

        /** The usual address of the API at a host. GitHub serves several enterprises at hosts of its own. */
        public URI api(String server) {
            boolean hosted = this == GITHUB && (server.equals("github.com") || server.endsWith(".ghe.com"));
            return URI.create(hosted ? "https://api." + server : "https://" + server + apiPath);
        }
    }

    public ForgeSettings {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(credentials, "credentials");
        requireSafe(api);
        if (!repository.matches("[\\w.-]+(/[\\w.-]+)+") || repository.contains("..")) {
            throw new IllegalArgumentException("the repository of the forge (ENSEMBLED_GIT_FORGE_REPOSITORY) is \""
                    + repository + "\": expected a path such as \"owner/name\"");
        }
        if (!context.matches("[a-z0-9][a-z0-9._-]{0,40}")) {
            throw new IllegalArgumentException("the context of statuses (ENSEMBLED_GIT_FORGE_CONTEXT) is \"" + context
                    + "\": expected lower-case letters, digits, dots and hyphens");
        }
    }

    /**
     * Returns the settings, with defaults that follow from the URL of the repository.
     *
     * @param api the address of the API; if absent, the usual one at the host of the repository
     * @param repository its path on the forge; if absent, the path of the URL
     */
    public static ForgeSettings of(
            Type type,
            RemoteUrl url,
            Optional<String> api,
            Optional<String> repository,
            Path credentials,
            boolean forks,
            String context) {
        if (url.isFile()) {
            throw new IllegalArgumentException("a forge is configured (ENSEMBLED_GIT_FORGE_TYPE), but the repository "
                    + url + " is a directory: use the URL of the repository on the forge, or remove the setting");
        }
        String server = url.isSsh() ? url.host() : url.server();
        URI usual = type.api(server);
        return new ForgeSettings(
                type,
                api.map(ForgeSettings::uri)
                        .orElseGet(
                                () -> url.isPlainHttp() ? URI.create("http:" + usual.getSchemeSpecificPart()) : usual),
                repository.orElseGet(url::repositoryPath),
                credentials,
                forks,
                context);
    }

    private static URI uri(String text) {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "the address of the forge's API (ENSEMBLED_GIT_FORGE_API) is not a URL: expected for example"
                            + " \"https://git.example.com/api/v1\"",
                    e);
        }
    }

    private static void requireSafe(URI api) {
        boolean plain = api.getHost() != null
                && api.getUserInfo() == null
                && api.getQuery() == null
                && api.getFragment() == null;
        if (!plain) {
            throw new IllegalArgumentException(
                    "the address of the forge's API (ENSEMBLED_GIT_FORGE_API) has no host, or"
                            + " a user name, a query or a fragment: expected for example \"https://git.example.com/api/v1\"");
        }
        if (!"https".equals(api.getScheme()) && !("http".equals(api.getScheme()) && isThisMachine(api.getHost()))) {
            throw new IllegalArgumentException("the address of the forge's API (ENSEMBLED_GIT_FORGE_API) is " + api
                    + ": use https, since the token must not be sent unencrypted");
        }
    }

    /** Only addresses are considered, since a name may resolve to another machine. */
    private static boolean isThisMachine(String host) {
        try {
            return host.matches("[0-9.]+|\\[[0-9a-fA-F:]+]")
                    && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
