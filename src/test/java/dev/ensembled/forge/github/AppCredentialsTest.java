package dev.ensembled.forge.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.HandClock;
import dev.ensembled.forge.ForgeServer;
import dev.ensembled.forge.ForgeServer.Reply;
import dev.ensembled.forge.api.ForgeFailedException;
import dev.ensembled.forge.api.ForgeFailedException.Kind;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.git.transport.HttpClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokens of a GitHub App, from a server that verifies its signature. */
@Timeout(60)
class AppCredentialsTest {
    private final HandClock clock = new HandClock(Instant.now());
    private TestApp app;
    private FakeInstallation installation;
    private ForgeServer server;
    private AppCredentials credentials;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        app = TestApp.shared();
        installation = new FakeInstallation(app.keys().getPublic(), clock);
        server = new ForgeServer(new FakeGitHub(installation));
        app.filesIn(directory);
        credentials = credentials(AppCredentials.PULL_REQUESTS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private AppCredentials credentials(Map<String, String> permissions) {
        return new AppCredentials(
                new AppFiles(directory),
                server.address(),
                FakeGitHub.REPOSITORY,
                permissions,
                new HttpClients(Optional.empty(), HttpFiles.none()),
                clock);
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(directory.resolve(file), content);
    }

    private ForgeFailedException failure() {
        return catchThrowableOfType(ForgeFailedException.class, credentials::token);
    }

    @Test
    void tokenIsForTheRepositoryAndThePermissionsOnly() throws ForgeFailedException {
        assertThat(installation.issued(credentials.token())).isTrue();
        assertThat(credentials(AppCredentials.CONTENTS).token()).isEqualTo(installation.tokens.get(1));

        assertThat(installation.restrictions.get(0).path("repositories").toString())
                .isEqualTo("[\"configuration\"]");
        assertThat(installation.restrictions.get(0).path("permissions").properties())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder(
                        "pull_requests=\"write\"", "statuses=\"write\"", "contents=\"read\"", "metadata=\"read\"");
        assertThat(installation.restrictions.get(1).path("permissions").properties())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("contents=\"read\"", "metadata=\"read\"");
    }

    @Test
    void tokenIsUsedUntilFiveMinutesBeforeItExpires() throws ForgeFailedException {
        String first = credentials.token();

        clock.advance(Duration.ofMinutes(54));
        assertThat(credentials.token()).isEqualTo(first);
        assertThat(credentials.current()).containsEntry("Authorization", "Bearer " + first);

        clock.advance(Duration.ofMinutes(2));
        assertThat(credentials.token()).isNotEqualTo(first).isEqualTo(installation.tokens.get(1));
        assertThat(installation.tokens).hasSize(2);
    }

    @Test
    void clientIdIsAcceptedAsTheIdOfTheApp() throws IOException, ForgeFailedException {
        write("app-id", TestApp.CLIENT_ID);

        assertThat(installation.issued(credentials.token())).isTrue();
        assertThat(credentials.appId()).isEqualTo(installation.id());
    }

    @Test
    void configuredInstallationIsNotLookedUp() throws IOException, ForgeFailedException {
        write("installation-id", FakeInstallation.INSTALLATION + "\n");

        credentials.token();

        assertThat(server.requests())
                .containsExactly("POST /app/installations/" + FakeInstallation.INSTALLATION + "/access_tokens");
    }

    @Test
    void keyIsReadAsPkcs8AndWithWindowsLineEndsToo() throws IOException, ForgeFailedException {
        write("private-key.pem", app.pkcs8());
        assertThat(credentials.token()).isEqualTo(installation.tokens.get(0));

        write("private-key.pem", app.pkcs1().replace("\n", "\r\n"));
        credentials.renew();
        assertThat(credentials.token()).isEqualTo(installation.tokens.get(1));
    }

    @Test
    void rotatedKeyIsUsedForTheNextToken() throws IOException, ForgeFailedException, GeneralSecurityException {
        write("private-key.pem", TestApp.create().pkcs1());
        assertThat(failure().kind()).isEqualTo(Kind.CREDENTIALS);

        write("private-key.pem", app.pkcs1());

        assertThat(installation.issued(credentials.token())).isTrue();
    }

    @Test
    void keyOfAnotherAppIsReportedWithWhatToCheck() throws IOException, GeneralSecurityException {
        write("private-key.pem", TestApp.create().pkcs1());

        assertThat(failure()).hasMessageContaining("A JSON web token could not be decoded");
        assertThat(failure().toDo()).contains("app-id and private-key.pem belong to the same App", "clock");
    }

    @Test
    void appThatIsNotInstalledIsReported() {
        installation.installed = false;

        assertThat(failure().kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(failure()).hasMessageContaining("404 to GET /api/repos/acme/configuration/installation");
        assertThat(failure().toDo()).contains("installed on the repository");
    }

    @Test
    void permissionThatIsNotGrantedIsReported() {
        installation.granted.remove("statuses");

        assertThat(failure().kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(failure()).hasMessageContaining("permissions requested are not granted");
    }

    @Test
    void forgeThatIsOverloadedIsTransient() {
        server.reply(Reply.error(503, "Service unavailable").with("Retry-After", "7"));

        assertThat(failure().kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(failure().retryAfter()).hasValue(Duration.ofSeconds(7));
    }

    @Test
    void answerWithoutATokenIsReported() {
        installation.oddAnswer = Optional.of(FakeGitHub.object().put("expires_at", "2099-01-01T00:00:00Z"));
        assertThat(failure()).hasMessageContaining("without a token");

        installation.oddAnswer =
                Optional.of(FakeGitHub.object().put("token", "ghs_abcdef").put("expires_at", "tomorrow"));
        assertThat(failure()).hasMessageContaining("without a token");

        installation.oddAnswer = Optional.of(
                FakeGitHub.object().put("token", "ghs_a\r\nX-Other: 1").put("expires_at", "2099-01-01T00:00:00Z"));
        assertThat(failure()).hasMessageContaining("without a token");
    }

    @ParameterizedTest
    @CsvSource({
        "app-id, does not exist",
        "private-key.pem, does not exist",
    })
    void missingFileIsNamed(String name, String problem) throws IOException {
        Files.delete(directory.resolve(name));

        assertThat(failure().kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(failure()).hasMessageContaining(directory.resolve(name) + " " + problem);
        assertThat(new AppFiles(directory).present()).isTrue();
    }

    @Test
    void directoryWithoutFilesConfiguresNoApp() throws IOException {
        assertThat(new AppFiles(Files.createDirectory(directory.resolve("empty"))).present())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "app-id, my app, is not the id of an App",
        "installation-id, acme, is not a number",
        "private-key.pem, none, is not an RSA private key",
        "private-key.pem, -----BEGIN RSA PRIVATE KEY-----, is not an RSA private key",
    })
    void unusableFileIsNamedWithoutItsContent(String name, String content, String problem) throws IOException {
        write(name, content);

        assertThat(failure().kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(failure()).hasMessageContaining(name + " " + problem).hasMessageNotContaining(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "Ed25519"})
    void keyOfAnotherAlgorithmIsRefused(String algorithm) throws IOException, GeneralSecurityException {
        TestApp other = new TestApp(KeyPairGenerator.getInstance(algorithm).generateKeyPair());
        write("private-key.pem", other.pkcs8());

        assertThat(failure()).hasMessageContaining("is not an RSA private key");
    }

    @Test
    void keyAndTokenAreRedactedFromAllText() throws IOException, ForgeFailedException {
        String token = credentials.token();

        assertThat(Redaction.text("token " + token)).isEqualTo("token ***");
        assertThat(Redaction.text("key " + app.pkcs1().strip())).isEqualTo("key ***");
    }
}
