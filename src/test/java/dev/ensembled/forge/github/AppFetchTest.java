package dev.ensembled.forge.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.forge.ForgeServer;
import dev.ensembled.git.ConfigRepo;
import dev.ensembled.git.GitHttpServer;
import dev.ensembled.git.GitRepository;
import dev.ensembled.git.TestCertificate;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.transport.HttpClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A fetch over HTTPS from Git's own server, with the token of a GitHub App. */
@Timeout(60)
class AppFetchTest {
    private TestApp app;
    private FakeInstallation installation;
    private ForgeServer api;
    private GitHttpServer server;
    private Path mounted;
    private GitRepository repository;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException, GeneralSecurityException, InterruptedException {
        app = TestApp.shared();
        installation = new FakeInstallation(app.keys().getPublic(), Clock.systemUTC());
        api = new ForgeServer(new FakeGitHub(installation));
        try (ConfigRepo repo = new ConfigRepo(directory.resolve("acme/configuration.git"))) {
            repo.write("a.yaml", "a: 1\n").commit("first");
        }
        TestCertificate certificate = TestCertificate.in(directory.resolve("server"));
        server = GitHttpServer.https(directory, certificate);
        mounted = Files.createDirectories(directory.resolve("mounted"));
        Files.copy(certificate.pem(), mounted.resolve("ca.crt"));
        repository = new GitRepository(settings());
    }

    @AfterEach
    void stop() {
        server.close();
        api.close();
    }

    private GitSettings settings() {
        return new GitSettings(
                RemoteUrl.of(server.url("acme/configuration.git")),
                "main",
                "",
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                new GitSettings.Files(
                                Optional.of(mounted.resolve("username")),
                                Optional.of(mounted.resolve("password")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(mounted.resolve("ca.crt")))
                        .with(Optional.of(new AppLogin(
                                new AppFiles(mounted),
                                api.address(),
                                FakeGitHub.REPOSITORY,
                                new HttpClients(Optional.empty(), HttpFiles.none()),
                                Clock.systemUTC()))),
                directory.resolve("cache"));
    }

    private SourceFailedException failure() {
        return catchThrowableOfType(SourceFailedException.class, () -> repository.fetch(() -> {}));
    }

    private static String token(int number) {
        return "ghs_" + "x".repeat(30) + number;
    }

    @Test
    void filesThatAppearLaterAreUsedForTheNextFetch() throws Exception {
        server.requireBasic("x-access-token", token(1));
        assertThat(failure()).hasMessageContaining("requires credentials");

        app.filesIn(mounted);

        assertThat(repository.fetch(() -> {}).files()).hasSize(1);
        assertThat(repository.fetch(() -> {}).files()).hasSize(1);
        assertThat(installation.tokens).containsExactly(token(1));
        assertThat(installation.restrictions.get(0).path("permissions").has("statuses"))
                .isFalse();
    }

    @Test
    void refusedTokenIsObtainedAgainForTheNextFetch() throws Exception {
        app.filesIn(mounted);
        server.requireBasic("x-access-token", token(1));
        repository.fetch(() -> {});
        server.requireBasic("x-access-token", token(2));

        SourceFailedException refused = failure();

        assertThat(refused).hasMessageContaining("rejected the credentials");
        assertThat(refused + refused.toDo()).doesNotContain("ghs_");
        assertThat(repository.fetch(() -> {}).files()).hasSize(1);
    }

    @Test
    void appThatIsNotInstalledIsReported() throws IOException {
        app.filesIn(mounted);
        installation.installed = false;

        assertThat(failure()).hasMessageContaining("answered 404");
        assertThat(failure().toDo()).contains("installed on the repository");
        assertThat(server.requests()).isZero();
    }

    @Test
    void passwordNextToTheFilesOfAnAppIsRefused() throws IOException {
        app.filesIn(mounted);
        Files.writeString(mounted.resolve("password"), "s3cret-one");

        assertThat(failure()).hasMessageContaining("A password or token and the files of a GitHub App");
        assertThat(server.requests()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "https://github.com/acme/configuration.git, https://api.github.com, acme/configuration",
        "https://GitHub.com/acme/configuration/, https://api.github.com, acme/configuration",
        "https://acme.ghe.com/a/b, https://api.acme.ghe.com, a/b",
        "https://git.example.org:8443/a/b.git, https://git.example.org:8443/api/v3, a/b",
    })
    void apiIsFoundByTheUrlOfTheRepository(String url, String api, String name) {
        GitHubRepository found = GitHubRepository.of(RemoteUrl.of(url)).orElseThrow();

        assertThat(found.api()).hasToString(api);
        assertThat(found.name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://git@github.com/acme/configuration.git",
                "http://github.com/acme/configuration.git",
                "file:///srv/configuration.git",
                "https://gitlab.com/group/sub/name.git",
            })
    void otherUrlsAreNotOfGitHub(String url) {
        assertThat(GitHubRepository.of(RemoteUrl.of(url))).isEmpty();
    }
}
