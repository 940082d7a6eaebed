package dev.ensembled.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.git.ConfigRepo;
import dev.ensembled.git.GitHttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a delivery to the fetch, and what a recorded delivery can do when it is sent again. */
@Timeout(120)
class ReplayTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String BODY = "{\"ref\":\"refs/heads/main\"}";
    private static final int REPLAYS = 50;

    @TempDir
    Path directory;

    @Test
    void deliveryFetchesTheCommitAndReplaysFetchAtMostOncePerSecond() throws Exception {
        try (ConfigRepo repo = new ConfigRepo(directory.resolve("config.git"))) {
            String first = repo.write("README.md", "1").commit("First");
            try (GitHttpServer server = GitHttpServer.http(directory);
                    FollowedRepository followed = new FollowedRepository(server.url("config.git"), directory)) {
                await().until(() -> followed.commit().equals(first));
                // When a push is reported
                String second = repo.write("README.md", "2").commit("Second");
                assertThat(deliver(followed.port())).isEqualTo(202);
                // Then it is fetched
                await().until(() -> followed.commit().equals(second));

                // When the same delivery is sent again and again
                int packs = server.packs();
                Instant begin = Instant.now();
                Set<Optional<Instant>> fetches = new HashSet<>();
                for (int i = 0; i < REPLAYS; i++) {
                    assertThat(deliver(followed.port())).isEqualTo(202);
                    fetches.add(followed.state().lastAttempt());
                }
                await().during(Duration.ofMillis(1_500)).until(() -> {
                    fetches.add(followed.state().lastAttempt());
                    return true;
                });
                // Then the server was asked at most once per second, and nothing was transferred or changed
                long seconds = Duration.between(begin, Instant.now()).toSeconds();
                assertThat(fetches).hasSizeBetween(2, (int) seconds + 2);
                assertThat(server.packs()).isEqualTo(packs);
                assertThat(followed.commit()).isEqualTo(second);
            }
        }
    }

    private static int deliver(int port) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hooks/default"))
                .header("X-Hub-Signature-256", "sha256=" + Hmac.sha256(FollowedRepository.SECRET, BODY.getBytes(UTF_8)))
                .header("X-GitHub-Event", "push")
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
