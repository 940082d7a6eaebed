package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.FreePorts;
import dev.ensembled.git.ConfigRepo;
import dev.ensembled.local.access.TokenFile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The whole daemon with a source in the environment and another one in a file. */
@QuarkusTest
@TestProfile(SeveralSourcesTest.Profile.class)
class SeveralSourcesTest {
    private static final String TOKEN = "S33D-of-the-webhooks";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static Path dir;
    private static ConfigRepo main;
    private static ConfigRepo team;
    private static int webhookPort;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    /** The local platform, and repositories that are fetched every ten minutes. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                dir = Files.createTempDirectory("sources");
                main = new ConfigRepo(dir.resolve("main.git"));
                main.write("README.md", "nothing yet").commit("First of main");
                team = new ConfigRepo(dir.resolve("team.git"));
                team.write("README.md", "nothing yet").commit("First of the team");
                Files.writeString(dir.resolve("webhook-secret"), TOKEN + "\n");
                Path sources = Files.writeString(
                        dir.resolve("sources.yaml"),
                        """
                        - name: team
                          uri: "%s"
                          interval: 10m
                          credentials: "%s"
                          namespaces: [search]
                        """
                                .formatted(team.url(), dir));
                webhookPort = FreePorts.consecutive(1, "127.0.0.1");
                return Map.of(
                        "ensembled.platform", "local",
                        "ensembled.local.dir", dir.resolve("local").toString(),
                        "ensembled.git.uri", main.url(),
                        "ensembled.git.interval", "10m",
                        "ensembled.git.cache", dir.resolve("cache").toString(),
                        "ensembled.git.credentials", dir.resolve("none").toString(),
                        "ensembled.sources", sources.toString(),
                        "ensembled.webhook.port", Integer.toString(webhookPort));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void healthAndPageShowEachSourceByItsName() throws Exception {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> check().path("data").has("team.commit")
                        && check().path("data").has("default.commit"));

        assertThat(check().path("data").path("team.url").asText()).isEqualTo(team.url());
        assertThat(check().path("data").path("default.url").asText()).isEqualTo(main.url());
        assertThat(get(port, "/").body())
                .contains("Git source default <code>" + main.url(), "Git source team <code>" + team.url())
                .contains("First of main");
    }

    @Test
    void webhookOfASourceFetchesThatSource() throws Exception {
        await().atMost(Duration.ofSeconds(30)).until(() -> check().path("data").has("team.commit"));
        String pushed = team.write("kafka.yaml", ensemble("kafka", "prod")).commit("Second");

        assertThat(post(webhookPort, "/hooks/team", "X-Gitlab-Token", TOKEN, "{}")
                        .statusCode())
                .isEqualTo(202);

        await().atMost(Duration.ofSeconds(30))
                .until(() -> check().path("data").path("team.commit").asText().equals(pushed));
        assertThat(check().path("status").asText()).isEqualTo("DOWN");
        assertThat(check().path("data").path("team.violation-1").asText())
                .contains("kafka.yaml:3:", "the source team may touch only the namespaces [search], not prod");
        assertThat(check().path("data").has("default.violation-1")).isFalse();
        assertThat(post(webhookPort, "/hooks/default", "X-Gitlab-Token", TOKEN, "{}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post(webhookPort, "/hooks/absent", "X-Gitlab-Token", TOKEN, "{}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void planRequiresTheNameOfASource() throws Exception {
        String bearer = "Bearer " + TokenFile.read(dir.resolve("local"));
        Map<String, Object> file = Map.of("path", "kafka.yaml", "text", ensemble("kafka", "prod"));
        String unnamed = JSON.writeValueAsString(Map.of("files", new Object[] {file}, "complete", false));
        String named =
                JSON.writeValueAsString(Map.of("files", new Object[] {file}, "complete", false, "source", "team"));

        HttpResponse<String> refused = post(port, "/api/v1/plan", "Authorization", bearer, unnamed);
        HttpResponse<String> plan = post(port, "/api/v1/plan", "Authorization", bearer, named);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("several sources", "choose one of default, team");
        assertThat(plan.statusCode()).isEqualTo(200);
        assertThat(plan.body()).contains("the source team may touch only the namespaces [search], not prod");
    }

    private static String ensemble(String name, String namespace) {
        return """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata: {name: %s, namespace: %s}
                spec: {version: 3.9.5, voters: 1}
                """
                .formatted(name, namespace);
    }

    private JsonNode check() throws Exception {
        JsonNode checks = JSON.readTree(get(port, "/q/health/well").body()).path("checks");
        return StreamSupport.stream(checks.spliterator(), false)
                .filter(check -> check.path("name").asText().equals("git source"))
                .findFirst()
                .orElseThrow();
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(port, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(int port, String path, String header, String value, String body)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(port, path))
                .header("Content-Type", "application/json")
                .header("X-Gitlab-Event", "Push Hook")
                .header(header, value)
                .POST(BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
