package dev.ensembled.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.FreePorts;
import dev.ensembled.daemon.Daemon;
import dev.ensembled.git.ConfigRepo;
import dev.ensembled.git.GitState;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The whole daemon with a port for webhooks, beside the one for the page and health. */
@QuarkusTest
@TestProfile(WebhookEndpointTest.Profile.class)
class WebhookEndpointTest {
    private static final String SECRET = "S33D-of-the-webhooks";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static ConfigRepo repo;
    private static Path log;
    private static int webhookPort;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Inject
    Daemon daemon;

    /** The local platform, a repository that is fetched every ten minutes, and the log in a file. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path dir = Files.createTempDirectory("webhooks");
                repo = new ConfigRepo(dir.resolve("config.git"));
                repo.write("README.md", "nothing yet").commit("First");
                Files.writeString(dir.resolve("webhook-secret"), SECRET + "\n");
                log = dir.resolve("daemon.log");
                webhookPort = FreePorts.consecutive(1, "127.0.0.1");
                return Map.of(
                        "ensembled.platform", "local",
                        "ensembled.local.dir", dir.resolve("local").toString(),
                        "ensembled.git.uri", repo.url(),
                        "ensembled.git.interval", "10m",
                        "ensembled.git.credentials", dir.toString(),
                        "ensembled.webhook.port", Integer.toString(webhookPort),
                        "quarkus.log.file.enabled", "true",
                        "quarkus.log.file.path", log.toString());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void deliveryIsFetchedAndNeitherItsBodyNorTheSecretIsLogged() throws Exception {
        awaitCommit(repo.head("main"));
        String pushed = repo.write("README.md", "something").commit("Second");
        String body = "{\"ref\":\"refs/heads/main\",\"B0DY\":\"B0DY\"}";

        HttpRequest.Builder delivery = HttpRequest.newBuilder(uri(webhookPort, "/hooks/default"))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        assertThat(status(delivery.copy().header("X-Gitlab-Token", "T0KEN of an attacker")))
                .isEqualTo(401);
        assertThat(status(delivery.copy().header("X-Gitea-Signature", Hmac.sha256(SECRET, body.getBytes(UTF_8)))))
                .isEqualTo(202);

        awaitCommit(pushed);
        assertThat(status(delivery.copy().header("X-Gitlab-Token", SECRET))).isEqualTo(202);
        assertThat(Files.readString(log))
                .contains("webhook received source=default provider=GITEA hint=FETCH")
                .doesNotContain("B0DY", "S33D", "T0KEN");
    }

    @Test
    void onlyWebhooksAreServedAtTheirPortAndNowhereElse() throws Exception {
        for (String path : new String[] {"/", "/page.css", "/api/ensembles", "/q/health", "/q/health/live"}) {
            assertThat(status(HttpRequest.newBuilder(uri(port, path)))).isIn(200, 503);
            assertThat(status(HttpRequest.newBuilder(uri(webhookPort, path)))).isEqualTo(404);
        }
        assertThat(status(
                        HttpRequest.newBuilder(uri(port, "/hooks/default")).POST(HttpRequest.BodyPublishers.noBody())))
                .isEqualTo(404);
    }

    private void awaitCommit(String id) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Optional.ofNullable(daemon.sources().get("default"))
                        .flatMap(GitState::commit)
                        .filter(commit -> commit.id().equals(id))
                        .isPresent());
    }

    private static int status(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
