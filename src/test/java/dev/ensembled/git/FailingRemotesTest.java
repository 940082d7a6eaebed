package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each failure of a server over HTTP has its own message, which includes what to do; all with real servers. */
@Timeout(60)
class FailingRemotesTest {
    @TempDir
    Path directory;

    private ConfigRepo repo;

    @BeforeEach
    void createRepository() throws IOException {
        repo = new ConfigRepo(directory.resolve("config.git"));
        repo.write("kafka.yaml", "a: 1").commit("First");
    }

    @AfterEach
    void closeRepository() {
        repo.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | text/plain | responded with HTTP status 400     | an HTTPS port responds with this status",
                "401 | text/plain | requires credentials               | read again at each fetch",
                "403 | text/plain | Access to http                     | read permission on the repository",
                "404 | text/plain | not found (HTTP status 404)        | no read permission on the repository",
                "407 | text/plain | The proxy for                      | without authentication",
                "410 | text/plain | responded with HTTP status 410     | Check the Git server",
                "429 | text/plain | Too Many Requests                  | Increase the fetch interval",
                "500 | text/plain | responded with HTTP status 500     | the Git server and its proxy",
                "503 | text/html  | responded with HTTP status 503     | the Git server and its proxy",
                "200 | text/html  | Git server (content type text/html)  | configure credentials",
                "200 | text/plain | Git server (content type text/plain) | the clone URL",
            })
    void anAnswerIsNamed(int status, String type, String what, String toDo) throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            server.reply(
                    status,
                    Map.of("Content-Type", type, "WWW-Authenticate", "Basic realm=\"git\""),
                    "<html>Please log in</html>");

            assertSays(failure(server.url("config.git"), Optional.empty()), what, toDo);
        }
    }

    @Test
    void aKindOfAuthenticationThatIsNotKnownIsNamed() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            server.reply(401, Map.of("WWW-Authenticate", "SomethingElse"), "");

            assertSays(
                    failure(server.url("config.git"), Optional.empty()), "unsupported authentication method", "basic");
        }
    }

    @Test
    void anEmptyRepositoryAndAMissingBranchAreNamed() throws Exception {
        try (ConfigRepo empty = new ConfigRepo(directory.resolve("empty.git"));
                GitHttpServer server = GitHttpServer.http(directory)) {
            assertThat(empty.directory()).exists();
            assertSays(
                    failure(server.url("empty.git"), Optional.empty()),
                    "Branch \"main\" not found in repository ",
                    "Push");

            repo.commit("other", "Elsewhere", false);
            repo.deleteBranch("main");
            assertSays(
                    failure(server.url("config.git"), Optional.empty()),
                    "Branch \"main\" not found",
                    "an existing branch: other");
        }
    }

    @Test
    void anotherPortThanTheOneForTlsIsNamed() throws Exception {
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            String url = server.url("config.git").replace("http:", "https:");

            assertSays(failure(url, Optional.empty()), "does not use TLS", "Check the port");
        }
    }

    @Test
    void plainHttpAtAPortForTlsIsNamed() throws Exception {
        TestCertificate certificate = TestCertificate.in(directory.resolve("certificate"));
        try (GitHttpServer server = GitHttpServer.https(directory, certificate)) {
            String url = server.url("config.git").replace("https:", "http:");

            assertSays(failure(url, Optional.empty()), "may require TLS", "must be https");
        }
    }

    @Test
    void aCertificateThatExpiredIsNamed() throws Exception {
        TestCertificate certificate = TestCertificate.signed(directory.resolve("certificate"), "-40d");
        try (GitHttpServer server = GitHttpServer.https(directory, certificate)) {
            assertSays(
                    failure(server.url("config.git"), Optional.of(certificate.pem())),
                    "has expired",
                    "Renew the certificate");
        }
    }

    @Test
    void aCertificateThatIsNotYetValidIsNamed() throws Exception {
        TestCertificate certificate = TestCertificate.signed(directory.resolve("certificate"), "+3d");
        try (GitHttpServer server = GitHttpServer.https(directory, certificate)) {
            assertSays(
                    failure(server.url("config.git"), Optional.of(certificate.pem())), "is not valid yet", "the clock");
        }
    }

    @Test
    void aCertificateForAnotherNameIsNamed() throws Exception {
        TestCertificate certificate = TestCertificate.in(directory.resolve("certificate"), "192.0.2.7");
        try (GitHttpServer server = GitHttpServer.https(directory, certificate)) {
            assertSays(
                    failure(server.url("config.git"), Optional.of(certificate.pem())),
                    "is not valid for this host name",
                    "Use a host name in the URL");
        }
    }

    @Test
    void aCertificateOfAnAuthorityThatIsNotMountedIsNamed() throws Exception {
        TestCertificate certificate = TestCertificate.in(directory.resolve("certificate"));
        TestCertificate mounted = TestCertificate.in(directory.resolve("other"));
        try (GitHttpServer server = GitHttpServer.https(directory, certificate)) {
            assertSays(
                    failure(server.url("config.git"), Optional.of(mounted.pem())),
                    "is not trusted",
                    "another server may be impersonating it");
        }
    }

    @Test
    void aFileWithAuthoritiesThatHasNoneIsNamed() throws Exception {
        Path pem = Files.writeString(directory.resolve("ca.pem"), "no certificate\n");

        assertSays(failure("https://127.0.0.1:1/c.git", Optional.of(pem)), pem + " cannot be used", "in PEM");
    }

    @Test
    void aServerThatIsNotThereAndANameThatIsUnknownAreNamed() {
        assertSays(
                failure("https://127.0.0.1:1/c.git", Optional.empty()),
                "127.0.0.1:1 refused the connection",
                "the URL");
        assertSays(
                failure("https://no-such-host.invalid/c.git", Optional.empty()),
                "Cannot resolve the host name no-such-host.invalid",
                "DNS");
    }

    @Test
    void aServerThatHangsUpIsNamed() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerAll(socket, ""));
            server.setDaemon(true);
            server.start();

            assertSays(
                    failure("http://127.0.0.1:" + socket.getLocalPort() + "/c.git", Optional.empty()),
                    "did not respond with plain HTTP",
                    "Check the port");
        }
    }

    @Test
    void aServerOfAnotherProtocolIsNamed() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerAll(socket, "SSH-2.0-OpenSSH_9.6\r\n"));
            server.setDaemon(true);
            server.start();
            String at = "127.0.0.1:" + socket.getLocalPort() + "/c.git";

            assertSays(failure("http://" + at, Optional.empty()), "did not respond with plain HTTP", "Check the port");
            assertSays(failure("https://" + at, Optional.empty()), "does not use TLS", "Check the port");
        }
    }

    @Test
    void aProxyThatWantsCredentialsIsNamed() throws Exception {
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"proxy\"");
            exchange.sendResponseHeaders(407, -1);
            exchange.close();
        });
        proxy.start();
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(always(proxy.getAddress()));
        try {
            assertSays(
                    failure("http://git.invalid/c.git", Optional.empty()), "The proxy for", "without authentication");
        } finally {
            ProxySelector.setDefault(before);
            proxy.stop(0);
        }
    }

    private static ProxySelector always(InetSocketAddress proxy) {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(new Proxy(Proxy.Type.HTTP, proxy));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                throw new AssertionError(failure);
            }
        };
    }

    private static void answerAll(ServerSocket server, String text) {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    OutputStream out = socket.getOutputStream();
                    out.write(text.getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    socket.shutdownOutput();
                    socket.getInputStream().readNBytes(1);
                }
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private static void assertSays(SourceFailedException failure, String what, String toDo) {
        assertThat(failure).as("failure").isNotNull().hasMessageContaining(what);
        assertThat(failure.toDo()).contains(toDo);
    }

    private SourceFailedException failure(String url, Optional<Path> authorities) {
        GitSettings settings = new GitSettings(
                RemoteUrl.of(url),
                "main",
                "",
                Duration.ofMinutes(1),
                Duration.ofSeconds(20),
                new GitSettings.Files(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), authorities),
                directory.resolve("cache"));
        return catchThrowableOfType(SourceFailedException.class, () -> new GitRepository(settings).fetch(() -> {}));
    }
}
