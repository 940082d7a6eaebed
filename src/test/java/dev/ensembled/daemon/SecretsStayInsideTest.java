package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.ConfigRepo;
import dev.ensembled.git.GitHttpServer;
import dev.ensembled.git.GitHttpServer.Behaviour;
import dev.ensembled.git.TestCertificate;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * The whole daemon with a token, and a Git server that receives it and sends it back in every way: neither the log, nor
 * the page, nor health ever shows it.
 */
@QuarkusTest
@TestProfile(SecretsStayInsideTest.Profile.class)
class SecretsStayInsideTest {
    private static final String SEED = "glpat-S33D/of+secrets";
    private static final List<String> FORMS = List.of(
            SEED, URLEncoder.encode(SEED, StandardCharsets.UTF_8), base64(SEED), base64("bot:" + SEED), "glpat-S33D");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static GitHttpServer server;
    private static Path log;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    /** A real Git server over TLS, a mounted Secret, and the log in a file with the settings of the product. */
    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path dir = Files.createTempDirectory("secrets");
                ConfigRepo repo = new ConfigRepo(dir.resolve("config.git"));
                repo.write("README.md", "nothing yet").commit("First");
                TestCertificate certificate = TestCertificate.in(dir.resolve("certificate"));
                server = GitHttpServer.https(dir, certificate);
                server.requireBasic("bot", SEED);
                Path mounted = Files.createDirectories(dir.resolve("mounted"));
                Files.writeString(mounted.resolve("username"), "bot\n");
                Files.writeString(mounted.resolve("password"), SEED + "\n");
                Files.copy(certificate.pem(), mounted.resolve("ca.crt"));
                log = dir.resolve("daemon.log");
                return Map.ofEntries(
                        Map.entry("ensembled.platform", "local"),
                        Map.entry("ensembled.local.dir", dir.resolve("local").toString()),
                        Map.entry("ensembled.git.uri", server.url("config.git")),
                        Map.entry("ensembled.git.credentials", mounted.toString()),
                        Map.entry("ensembled.git.cache", dir.resolve("cache").toString()),
                        Map.entry("ensembled.git.interval", "1s"),
                        Map.entry("ensembled.git.timeout", "10s"),
                        Map.entry("quarkus.log.file.enabled", "true"),
                        Map.entry("quarkus.log.file.path", log.toString()),
                        Map.entry("quarkus.log.category.\"org.eclipse.jgit.transport\".level", "DEBUG"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void failuresOfTheRemoteNeverShowTheToken() throws Exception {
        await("no commit yet", false);
        String echo = SEED + " " + URLEncoder.encode(SEED, StandardCharsets.UTF_8) + " " + base64("bot:" + SEED);
        Map<String, String> html = Map.of("Content-Type", "text/html; token=" + SEED);
        Map<String, String> git = Map.of("Content-Type", "application/x-git-upload-pack-advertisement");
        String refusal = "ERR access denied for " + echo;

        server.reply(
                302, Map.of("Location", "https://bot:" + SEED + "@127.0.0.1:1/" + SEED + "?private_token=" + SEED), "");
        await("another server", true);
        server.reply(302, Map.of("Location", server.url("login") + "?private_token=" + SEED), "");
        await("possibly a login page", true);
        server.reply(302, Map.of("Location", "ht tp://" + SEED), "");
        await("an unknown host", true);
        server.reply(200, html, "<html>" + echo + "</html>");
        await("did not respond as a Git server", true);
        server.reply(200, git, "001e# service=git-upload-pack\n0000%04x%s".formatted(refusal.length() + 4, refusal));
        await("access denied for ***", true);
        server.reply(200, git, "zzzz" + echo);
        await("failed", true);
        server.reply(403, html, echo);
        await("403", true);
        server.reply(500, html, echo);
        await("500", true);
        server.behave(Behaviour.SERVE);
        server.requireBasic("bot", "another");
        await("rejected the credentials", true);
        server.goAway();
        await("refused the connection", true);

        Logger.getLogger("some.library")
                .error("a library logs " + echo, new IllegalStateException("and throws " + SEED));
        Logger.getLogger("some.library").infov("with {0}", SEED);
        Logger.getLogger("some.library").infof("with %s", SEED);

        String logged = Files.readString(log);
        assertThat(logged)
                .contains("git fetch failed")
                .contains("a library logs ***")
                .contains("and throws ***");
        FORMS.forEach(form -> assertThat(logged).doesNotContain(form));
        assertThat(server.authorizations()).contains("Basic " + base64("bot:" + SEED));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits until the page contains these words, or no longer does; no page shows the token meanwhile. */
    private void await(String words, boolean there) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        String page = "";
        while (System.nanoTime() < deadline) {
            HTTP.send(
                    HttpRequest.newBuilder(uri("/api/fetch"))
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            page = get("/");
            for (String shown : List.of(page, get("/api/ensembles"), get("/q/health"), get("/q/health/well"))) {
                FORMS.forEach(form -> assertThat(shown).doesNotContain(form));
            }
            if (page.contains(words) == there) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the page does not come to say \"" + words + "\": " + page);
    }

    private String get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
