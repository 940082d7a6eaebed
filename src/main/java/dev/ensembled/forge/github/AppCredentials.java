package dev.ensembled.forge.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.forge.http.ForgeClient;
import dev.ensembled.forge.http.RequestHeaders;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.transport.HttpClients;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens of a GitHub App for one repository. Each is valid for an hour, for this repository and for the permissions that
 * are needed, whatever the App has otherwise. Not thread-safe.
 */
public final class AppCredentials implements RequestHeaders {
    /** For the plan of a pull request. */
    public static final Map<String, String> PULL_REQUESTS =
            Map.of("pull_requests", "write", "statuses", "write", "contents", "read", "metadata", "read");

    /** For a fetch with Git. */
    public static final Map<String, String> CONTENTS = Map.of("contents", "read", "metadata", "read");

    private static final Duration BEFORE_EXPIRY = Duration.ofMinutes(5);

    private final AppFiles files;
    private final String repository;
    private final Map<String, String> permissions;
    private final Clock clock;
    private final ForgeClient client;
    private Optional<Token> cached = Optional.empty();
    private long appId;

    /**
     * Creates credentials that are obtained when they are needed.
     *
     * @param api the address of the API
     * @param repository its path, {@code owner/name}
     * @param permissions the only permissions of the tokens, by GitHub's names
     */
    public AppCredentials(
            AppFiles files,
            URI api,
            String repository,
            Map<String, String> permissions,
            HttpClients clients,
            Clock clock) {
        this.files = files;
        this.repository = repository;
        this.permissions = Map.copyOf(permissions);
        this.clock = clock;
        this.client = new ForgeClient(api, () -> GitHubForge.headers(jwt()), clients);
    }

    private record Token(String value, Instant expires) {}

    @Override
    public Map<String, String> current() throws ForgeFailedException {
        return GitHubForge.headers(token());
    }

    /** Returns the token for requests that are sent now; Git sends it as the password of {@code x-access-token}. */
    public String token() throws ForgeFailedException {
        Instant now = clock.instant();
        if (cached.filter(token -> token.expires().minus(BEFORE_EXPIRY).isAfter(now))
                .isEmpty()) {
            cached = Optional.of(obtained());
        }
        return cached.get().value();
    }

    @Override
    public boolean renew() {
        boolean refused = cached.isPresent();
        cached = Optional.empty();
        return refused;
    }

    /** The number of the App, by which its comments are recognized. */
    long appId() throws ForgeFailedException {
        if (appId == 0) {
            appId = explained(() -> client.get("app")).path("id").asLong();
        }
        return appId;
    }

    private Token obtained() throws ForgeFailedException {
        String path = "app/installations/" + installation() + "/access_tokens";
        JsonNode answer = explained(() -> client.send("POST", path, restriction()));
        String token = answer.path("token").asText();
        Redaction.learn("x-access-token", token);
        // The files may be of another App now
        appId = 0;
        try {
            Instant expires = Instant.parse(answer.path("expires_at").asText());
            if (token.matches("[!-~]+")) {
                return new Token(token, expires);
            }
        } catch (DateTimeParseException e) {
            throw noToken(e);
        }
        throw noToken(null);
    }

    private static ForgeFailedException noToken(Exception cause) {
        return new ForgeFailedException(
                Kind.TRANSIENT,
                "The forge answered the request for a token of the GitHub App without a token or its time of expiry",
                "Check that the address is that of GitHub's API.",
                Optional.empty(),
                cause);
    }

    private JsonNode restriction() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("repositories").add(repository.substring(repository.lastIndexOf('/') + 1));
        ObjectNode allowed = body.putObject("permissions");
        permissions.forEach(allowed::put);
        return body;
    }

    private String installation() throws ForgeFailedException {
        Optional<String> configured = read(files::installationId);
        return configured.isPresent()
                ? configured.get()
                : explained(() -> client.get("repos/" + repository + "/installation"))
                        .path("id")
                        .asText();
    }

    private String jwt() throws ForgeFailedException {
        try {
            return AppJwt.of(files.appId(), files.privateKey(), clock.instant());
        } catch (SourceFailedException e) {
            throw unreadable(e);
        } catch (GeneralSecurityException e) {
            throw new ForgeFailedException(
                    Kind.CREDENTIALS,
                    "The private key of the GitHub App cannot sign",
                    "Generate a new private key in the settings of the App.",
                    Optional.empty(),
                    e);
        }
    }

    private interface Request {
        JsonNode send() throws ForgeFailedException;
    }

    private interface Reading<T> {
        T read() throws SourceFailedException;
    }

    private static <T> T read(Reading<T> reading) throws ForgeFailedException {
        try {
            return reading.read();
        } catch (SourceFailedException e) {
            throw unreadable(e);
        }
    }

    private static ForgeFailedException unreadable(SourceFailedException e) {
        return new ForgeFailedException(Kind.CREDENTIALS, e.getMessage(), e.toDo(), Optional.empty(), e);
    }

    /** A request that GitHub refuses here is refused because of the App, whatever its status. */
    private static JsonNode explained(Request request) throws ForgeFailedException {
        try {
            return request.send();
        } catch (ForgeFailedException e) {
            if (e.kind() == Kind.TRANSIENT || e.getCause() != null) {
                throw e;
            }
            throw new ForgeFailedException(
                    Kind.CREDENTIALS,
                    e.getMessage(),
                    "Check that app-id and private-key.pem belong to the same App, that this machine's clock is right, and"
                            + " that the App is installed on the repository with the permissions that"
                            + " docs/pull-requests.md lists.",
                    e.retryAfter(),
                    e);
        }
    }
}
