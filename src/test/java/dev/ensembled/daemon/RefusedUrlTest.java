package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The whole daemon with a token in an unexpected part of the repository's URL. */
@QuarkusTest
@TestProfile(RefusedUrlTest.Profile.class)
class RefusedUrlTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static Path log;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    /** Writes the log to a file with the settings of the product. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                log = Files.createTempDirectory("refused-url").resolve("daemon.log");
                return Map.of(
                        "ensembled.git.uri", "https://me:a/s33d@git.invalid/c.git?private_token=s33d",
                        "quarkus.log.file.enabled", "true",
                        "quarkus.log.file.path", log.toString());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void refusedUrlIsExplainedWithoutBeingShown() throws Exception {
        assertThat(get("/q/health/ready"))
                .contains("the Git URL (ENSEMBLED_GIT_URI, or uri of a source)")
                .contains("the file \\\"password\\\"");
        assertThat(Files.readString(log)).contains("invalid configuration");
        List<String> seen = List.of(
                Files.readString(log), get("/"), get("/api/ensembles"), get("/q/health"), get("/q/health/well"));

        assertThat(seen).noneMatch(text -> text.contains("s33d") || text.contains("git.invalid"));
    }

    private String get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
