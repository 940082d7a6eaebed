package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.CommitFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a server that receives the credentials first can redirect them, between real servers. */
@Timeout(60)
class RedirectsTest {
    private static final String TOKEN = "t0ken-of-redirects";

    @TempDir
    Path directory;

    private ConfigRepo repo;
    private TestCertificate certificate;
    private GitHttpServer configured;
    private GitHttpServer other;

    @BeforeEach
    void startServers() throws Exception {
        repo = new ConfigRepo(directory.resolve("config.git"));
        repo.write("kafka.yaml", "a: 1").commit("First");
        certificate = TestCertificate.in(directory.resolve("certificate"));
        configured = GitHttpServer.https(directory, certificate);
        configured.requireBasic("git", TOKEN);
        other = GitHttpServer.https(directory, certificate);
    }

    @AfterEach
    void stopServers() {
        configured.close();
        other.close();
        repo.close();
    }

    @Test
    void redirectToAnotherPortAfterAuthenticationIsNotFollowed() throws Exception {
        other.requireBasic("git", TOKEN);
        configured.redirectTo(other.url("config.git") + "/info/refs?service=git-upload-pack&private_token=" + TOKEN);

        SourceFailedException failure = failure();

        assertThat(configured.authorizations()).isNotEmpty();
        assertThat(other.requests()).isZero();
        assertThat(failure)
                .hasMessageContaining("redirects to another server, https://127.0.0.1:" + other.port())
                .hasMessageContaining("another server")
                .hasMessageNotContaining(TOKEN);
        assertThat(failure.toDo()).contains("configure its new URL").doesNotContain(TOKEN);
    }

    @Test
    void aRedirectToPlainHttpIsNotFollowed() throws Exception {
        try (GitHttpServer plain = GitHttpServer.http(directory)) {
            configured.redirectTo(plain.url("config.git") + "/info/refs?service=git-upload-pack");

            assertThat(failure()).hasMessageContaining("redirects to plain HTTP at");
            assertThat(plain.requests()).isZero();
        }
    }

    @Test
    void aRedirectToAnotherHostIsNotFollowed() throws Exception {
        configured.redirectTo(
                "https://localhost:" + configured.port() + "/config.git/info/refs?service=git-upload-pack");
        int before = configured.requests();

        assertThat(failure())
                .hasMessageContaining("redirects to another server, https://localhost:" + configured.port());
        assertThat(configured.requests() - before).isLessThanOrEqualTo(3);
    }

    @Test
    void aRedirectOfTheTransferItselfIsNotFollowed() throws Exception {
        // The request for the newest commit is answered; the pack is redirected to another server.
        configured.close();
        configured = GitHttpServer.https(directory, certificate);
        configured.redirectPacksTo(other.url("config.git") + "/git-upload-pack");

        assertThat(failure()).hasMessageContaining("another server");
        assertThat(other.requests()).isZero();
    }

    @Test
    void redirectOnTheSameServerIsFollowedWithCredentials() throws Exception {
        configured.close();
        configured = GitHttpServer.https(directory, certificate);
        configured.requireBasic("git", TOKEN);
        configured.move("old.git", "config.git");

        assertThat(fetch("old.git").files()).hasSize(1);
    }

    @Test
    void redirectInALoopOrToAPageIsReported() throws Exception {
        configured.redirectTo(configured.url("config.git") + "/info/refs?service=git-upload-pack");
        assertThat(failure()).hasMessageContaining("redirects to a page that is not a Git repository");

        configured.redirectTo(configured.url("users/sign_in"));
        SourceFailedException toLogin = failure();
        assertThat(toLogin).hasMessageContaining("possibly a login page");
        assertThat(toLogin.toDo()).contains("configure credentials");
    }

    @Test
    void aRedirectThatCannotBeUnderstoodIsNotFollowed() throws Exception {
        configured.reply(302, Map.of("Location", "ht tp://" + TOKEN + "@[bad"), "");

        assertThat(failure())
                .hasMessageContaining("redirects to another server, an unknown host")
                .hasMessageNotContaining(TOKEN);
    }

    private SourceFailedException failure() {
        return catchThrowableOfType(SourceFailedException.class, () -> fetch("config.git"));
    }

    private CommitFiles fetch(String path) throws Exception {
        return new GitRepository(settings(path)).fetch(() -> {});
    }

    private GitSettings settings(String path) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), TOKEN);
        return new GitSettings(
                RemoteUrl.of(configured.url(path)),
                "main",
                "",
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                new GitSettings.Files(
                        Optional.empty(),
                        Optional.of(token),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(certificate.pem())),
                directory.resolve("cache"));
    }
}
