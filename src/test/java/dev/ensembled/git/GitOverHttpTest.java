package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.GitHttpServer.Behaviour;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.CommitFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fetches over HTTP and HTTPS from Git's own server, which misbehaves. */
@Timeout(60)
class GitOverHttpTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration PLENTY = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private ConfigRepo repo;

    @BeforeEach
    void createRepository() throws IOException {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        repo = new ConfigRepo(directory.resolve("config.git"));
        repo.write("kafka.yaml", "a: 1").write("noise.bin", noise).commit("First");
    }

    @AfterEach
    void closeRepository() {
        repo.close();
    }

    @Test
    void branchIsReadAndFollowedOverHttp() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            GitRepository repository = new GitRepository(settings(server.url("config.git"), GitSettings.Files.none()));

            assertThat(fetch(repository).files()).hasSize(1);
            String second = repo.write("solr.yaml", "b: 1").commit("Second");
            assertThat(fetch(repository).commit()).isEqualTo(second);
        }
    }

    @Test
    void anUnchangedBranchTransfersNothing() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            GitRepository repository = new GitRepository(settings(server.url("config.git"), GitSettings.Files.none()));
            fetch(repository);
            int before = server.requests();

            fetch(repository);

            assertThat(server.packs()).isEqualTo(1);
            assertThat(server.requests() - before).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void transferContainsOnlyTheNewestCommit() throws Exception {
        for (int push = 0; push < 20; push++) {
            repo.write("kafka.yaml", "a: " + push).commit("Push " + push);
        }
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            fetch(new GitRepository(settings(server.url("config.git"), GitSettings.Files.none())));
        }

        assertThat(directory.resolve("cache/clone.git/shallow")).isRegularFile();
    }

    @ParameterizedTest
    @EnumSource(names = {"HANG_BEFORE_HEADERS", "HANG_IN_PACK", "DRIP"})
    void slowServerIsGivenUpAtTheDeadlineAndWorksLater(Behaviour behaviour) throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            GitRepository repository = new GitRepository(hurried(server.url("config.git")));
            server.behave(behaviour);
            AtomicInteger beats = new AtomicInteger();

            long started = System.nanoTime();
            SourceFailedException failure =
                    catchThrowableOfType(SourceFailedException.class, () -> repository.fetch(beats::incrementAndGet));

            assertThat(failure).hasMessageContaining("timed out after 3 s");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(TIMEOUT, TIMEOUT.plusMillis(1_900));
            assertThat(beats.get()).isGreaterThanOrEqualTo(2);
            assertNoFetchGoesOn();
            server.behave(Behaviour.SERVE);
            assertThat(fetch(repository).files()).hasSize(1);
        }
    }

    @Test
    void aDeadlineSaysWhatTheFetchWasDoing() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            GitRepository repository = new GitRepository(hurried(server.url("config.git")));
            server.behave(Behaviour.HANG_IN_PACK);

            assertThat(failure(repository)).hasMessageContaining("receiving objects");
        }
    }

    @Test
    void aConnectionThatIsNeverAcceptedIsGivenUpAtTheDeadline() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> waiting = fillQueue(full);
            SourceFailedException failure =
                    failure(new GitRepository(hurried("http://127.0.0.1:" + full.getLocalPort() + "/x.git")));
            for (Socket socket : waiting) {
                socket.close();
            }

            assertThat(failure).hasMessageContaining("timed out after 3 s");
            assertNoFetchGoesOn();
        }
    }

    @Test
    void headersThatTrickleInAreGivenUpAtTheDeadline() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> trickleHeaders(socket));
            server.setDaemon(true);
            server.start();

            SourceFailedException failure =
                    failure(new GitRepository(hurried("http://127.0.0.1:" + socket.getLocalPort() + "/x.git")));

            assertThat(failure).hasMessageContaining("timed out after 3 s");
            assertNoFetchGoesOn();
        }
    }

    @Test
    void anInterruptedCallerGivesTheFetchUp() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            server.behave(Behaviour.HANG_BEFORE_HEADERS);
            GitRepository repository = new GitRepository(settings(server.url("config.git"), GitSettings.Files.none()));
            Thread caller = new Thread(() -> failure(repository));
            caller.start();
            Thread.sleep(300);

            caller.interrupt();

            caller.join(1_000);
            assertThat(caller.isAlive()).isFalse();
            assertNoFetchGoesOn();
        }
    }

    @Test
    void aConnectionThatBreaksInThePackFailsAndWorksAfterwards() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            GitRepository repository = new GitRepository(settings(server.url("config.git"), GitSettings.Files.none()));
            server.behave(Behaviour.BREAK_OFF_IN_PACK);
            assertThat(failure(repository)).hasMessageContaining("failed");

            server.behave(Behaviour.SERVE);

            assertThat(fetch(repository).files()).hasSize(1);
        }
    }

    @Test
    void aServerThatIsGoneSaysSoAndIsFoundAgain() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            GitRepository repository = new GitRepository(settings(server.url("config.git"), GitSettings.Files.none()));
            CommitFiles before = fetch(repository);
            server.goAway();
            assertThat(failure(repository))
                    .hasMessageContaining("127.0.0.1:" + server.port() + " refused the connection");

            server.comeBack();

            assertThat(fetch(repository)).isSameAs(before);
        }
    }

    @Test
    void anErrorOfTheServerIsNamedAndKeepsTheClone() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            GitSettings settings = settings(server.url("config.git"), GitSettings.Files.none());
            fetch(new GitRepository(settings));
            server.behave(Behaviour.FAIL);
            assertThat(failure(new GitRepository(settings))).hasMessageContaining("HTTP status 500");

            server.behave(Behaviour.SERVE);
            fetch(new GitRepository(settings));

            assertThat(server.packs()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatSpeaksNoGitIsAnError() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            server.behave(Behaviour.GARBAGE);

            SourceFailedException failure =
                    failure(new GitRepository(settings(server.url("config.git"), GitSettings.Files.none())));

            assertThat(failure).hasMessageContaining(server.url("config.git") + " did not respond as a Git server");
            assertThat(failure.toDo()).contains("the clone URL");
        }
    }

    @Test
    void aRepositoryThatIsNotThereSaysSo() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            assertThat(failure(new GitRepository(settings(server.url("other.git"), GitSettings.Files.none()))))
                    .hasMessageContaining("not found (HTTP status 404)");
        }
    }

    @Test
    void aHostThatDoesNotResolveSaysSo() {
        assertThat(failure(new GitRepository(settings("http://no-such-host.invalid/x.git", GitSettings.Files.none()))))
                .hasMessageContaining("Cannot resolve the host name no-such-host.invalid");
    }

    @Test
    void httpsCredentialsAreReadFromFilesAndRotated() throws Exception {
        TestCertificate certificate = TestCertificate.in(directory);
        try (GitHttpServer server = GitHttpServer.https(directory, certificate)) {
            server.requireBasic("bot", "s3cret-one");
            Path token = Files.writeString(directory.resolve("token"), "s3cret-old\n");
            GitRepository repository =
                    new GitRepository(settings(server.url("config.git"), credentials(certificate, token)));

            SourceFailedException refused = failure(repository);
            assertThat(refused).hasMessageContaining("rejected the credentials");
            assertThat(refused.toDo()).contains("token");
            assertThat(refused + refused.toDo() + refused.getCause()).doesNotContain("s3cret");

            Files.writeString(token, "s3cret-one\n");
            assertThat(fetch(repository).files()).hasSize(1);

            server.requireBasic("bot", "s3cret-two");
            assertThat(failure(repository)).hasMessageContaining("rejected the credentials");
            Files.writeString(token, "s3cret-two");
            assertThat(fetch(repository).files()).hasSize(1);
        }
    }

    @Test
    void missingCredentialsAreAskedFor() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            server.requireBasic("bot", "secret");

            assertThat(failure(new GitRepository(settings(server.url("config.git"), GitSettings.Files.none()))))
                    .hasMessageContaining("requires credentials");
        }
    }

    @Test
    void credentialsAndAuthoritiesThatAppearAfterTheStartAreUsed() throws Exception {
        TestCertificate certificate = TestCertificate.in(directory.resolve("server"));
        Path mounted = Files.createDirectories(directory.resolve("mounted"));
        try (GitHttpServer server = GitHttpServer.https(directory, certificate)) {
            server.requireBasic("bot", "s3cret-late");
            GitRepository repository = new GitRepository(settings(server.url("config.git"), all(mounted)));
            assertThat(failure(repository)).hasMessageContaining("is not trusted");

            Files.copy(certificate.pem(), mounted.resolve("ca.crt"));
            SourceFailedException missing = failure(repository);
            assertThat(missing)
                    .hasMessageContaining("requires credentials")
                    .hasMessageContaining(mounted.resolve("password") + " does not exist");
            assertThat(missing.toDo()).contains("read again at each fetch");

            Files.writeString(mounted.resolve("username"), "bot\n");
            assertThat(failure(repository)).hasMessageContaining(mounted.resolve("password") + " does not exist");

            Files.writeString(mounted.resolve("password"), "s3cret-late\n");
            assertThat(fetch(repository).files()).hasSize(1);
        }
    }

    @Test
    void credentialsAreNotSentOverPlainHttpHoweverLateTheyAppear() throws Exception {
        Path mounted = Files.createDirectories(directory.resolve("mounted"));
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            GitRepository repository = new GitRepository(settings(server.url("config.git"), all(mounted)));
            assertThat(fetch(repository).files()).hasSize(1);

            Files.writeString(mounted.resolve("password"), "s3cret");

            assertThat(failure(repository)).hasMessageContaining("credentials are never sent unencrypted");
            assertThat(server.authorizations()).isEmpty();
        }
    }

    @Test
    void anEmptyCredentialFileSaysWhich() throws Exception {
        Path mounted = Files.createDirectories(directory.resolve("mounted"));
        Files.writeString(mounted.resolve("password"), " \n");

        assertThat(failure(new GitRepository(settings("https://127.0.0.1:1/x.git", all(mounted)))))
                .hasMessageContaining(mounted.resolve("password") + " is empty");
    }

    /** The files as the daemon names them, whether they exist or not. */
    private static GitSettings.Files all(Path mounted) {
        return new GitSettings.Files(
                Optional.of(mounted.resolve("username")),
                Optional.of(mounted.resolve("password")),
                Optional.of(mounted.resolve("ssh-privatekey")),
                Optional.of(mounted.resolve("known_hosts")),
                Optional.of(mounted.resolve("ca.crt")));
    }

    @Test
    void certificateWithoutATrustedIssuerIsRefused() throws Exception {
        try (GitHttpServer server = GitHttpServer.https(directory, TestCertificate.in(directory))) {
            SourceFailedException failure =
                    failure(new GitRepository(settings(server.url("config.git"), GitSettings.Files.none())));

            assertThat(failure).hasMessageContaining("is not trusted");
            assertThat(failure.toDo()).contains("ca.crt");
            assertThat(server.requests()).isZero();
        }
    }

    private static GitSettings.Files credentials(TestCertificate certificate, Path token) throws IOException {
        Path user = Files.writeString(token.resolveSibling("user"), "bot\n");
        return new GitSettings.Files(
                Optional.of(user),
                Optional.of(token),
                Optional.empty(),
                Optional.empty(),
                Optional.of(certificate.pem()));
    }

    private GitSettings settings(String url, GitSettings.Files files) {
        return settings(url, files, PLENTY);
    }

    private GitSettings hurried(String url) {
        return settings(url, GitSettings.Files.none(), TIMEOUT);
    }

    private GitSettings settings(String url, GitSettings.Files files, Duration timeout) {
        return new GitSettings(
                RemoteUrl.of(url), "main", "", Duration.ofMinutes(1), timeout, files, directory.resolve("cache"));
    }

    private static CommitFiles fetch(GitRepository repository) throws Exception {
        return repository.fetch(() -> {});
    }

    private static SourceFailedException failure(GitRepository repository) {
        return catchThrowableOfType(SourceFailedException.class, () -> fetch(repository));
    }

    private static void assertNoFetchGoesOn() throws InterruptedException {
        for (int observed = 0; observed < 400 && fetching(); observed++) {
            Thread.sleep(50);
        }
        assertThat(fetching()).as("a thread still fetches").isFalse();
    }

    private static boolean fetching() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("git-fetch"));
    }

    /** The kernel accepts as many connections as the queue holds; a further one stays in its handshake. */
    private static List<Socket> fillQueue(ServerSocket server) {
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int one = 0; one < 10; one++) {
                Socket socket = new Socket();
                waiting.add(socket);
                socket.connect(server.getLocalSocketAddress(), 200);
            }
        } catch (IOException full) {
            return waiting;
        }
        throw new AssertionError("the queue took everything");
    }

    private static void trickleHeaders(ServerSocket server) {
        try (Socket socket = server.accept()) {
            OutputStream out = socket.getOutputStream();
            for (byte one : "HTTP/1.1 200 OK\r\nX-Long: ".getBytes(StandardCharsets.US_ASCII)) {
                out.write(one);
            }
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(100);
            }
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
