package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fetches from a server that requires a client certificate, with files that are mounted, rotated and damaged. */
@Timeout(120)
class MutualTlsTest {
    @TempDir
    Path directory;

    private Path mounted;
    private ConfigRepo repo;
    private TestCertificate authority;
    private TestCertificate own;
    private TestCertificate other;
    private GitHttpServer server;
    private GitRepository repository;

    @BeforeEach
    void serve() throws Exception {
        mounted = Files.createDirectories(directory.resolve("mounted"));
        repo = new ConfigRepo(directory.resolve("config.git"));
        repo.write("kafka.yaml", "a: 1").commit("First");
        own = TestCertificate.in(directory.resolve("own"));
        other = TestCertificate.in(directory.resolve("other"));
        authority = TestCertificate.in(directory.resolve("server"));
        server = GitHttpServer.https(directory, authority.trusting(own));
        repository = repository(server.url("config.git"));
    }

    private GitRepository repository(String url) {
        GitSettings.Files files = new GitSettings.Files(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(authority.pem()))
                .with(HttpFiles.in(mounted));
        return new GitRepository(new GitSettings(
                RemoteUrl.of(url),
                "main",
                "",
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                files,
                directory.resolve("cache")));
    }

    @AfterEach
    void close() {
        server.close();
        repo.close();
    }

    @Test
    void certificateIsUsedFromTheFetchAfterItAppears() throws Exception {
        assertThat(failure()).hasMessageContaining("may require a client certificate");
        assertThat(server.requests()).isZero();

        own.writeTo(mounted);

        assertThat(fetch()).isEqualTo(repo.head("main"));
    }

    @Test
    void rotatedCertificateIsUsedAtTheNextFetch() throws Exception {
        other.writeTo(mounted);
        SourceFailedException refused = failure();
        assertThat(refused).hasMessageContaining("may have rejected the client certificate");
        assertThat(refused.toDo()).contains("tls.crt");

        own.writeTo(mounted);

        assertThat(fetch()).isEqualTo(repo.head("main"));
    }

    @Test
    void alertOfTheServerIsExplained() throws Exception {
        try (SSLServerSocket alerting = (SSLServerSocket) authority
                .trusting(own)
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            alerting.setNeedClientAuth(true);
            Thread thread = new Thread(() -> handshakes(alerting), "alerting-server");
            thread.setDaemon(true);
            thread.start();
            repository = repository("https://127.0.0.1:" + alerting.getLocalPort() + "/config.git");

            assertThat(failure()).hasMessageContaining("requires a client certificate");
            other.writeTo(mounted);
            assertThat(failure()).hasMessageContaining("does not trust the authority of the client certificate");
        }
    }

    private static void handshakes(SSLServerSocket server) {
        try {
            while (!server.isClosed()) {
                try (SSLSocket client = (SSLSocket) server.accept()) {
                    client.startHandshake();
                } catch (SSLException e) {
                    // The alert is sent.
                }
            }
        } catch (IOException e) {
            // The server was closed.
        }
    }

    @Test
    void certificateWithoutItsKeyIsAnErrorThatNamesTheFile() throws Exception {
        own.writeTo(mounted);
        Files.delete(mounted.resolve("tls.key"));
        assertThat(failure()).hasMessageContaining(mounted.resolve("tls.key") + " does not exist");

        other.writeTo(mounted);
        Files.copy(own.pem(), mounted.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(failure()).hasMessageContaining("is not the key of the certificate in");
    }

    @Test
    void damagedFilesAreErrorsThatShowNoContent() throws IOException {
        Files.writeString(mounted.resolve("tls.crt"), "not a certificate");
        Files.writeString(mounted.resolve("tls.key"), "seeded-secret");
        assertThat(failure()).hasMessageContaining("tls.crt contains no certificate");

        Files.copy(own.pem(), mounted.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(failure())
                .hasMessageContaining("tls.key contains no private key")
                .hasMessageNotContaining("seeded-secret");

        Files.writeString(
                mounted.resolve("tls.key"), "-----BEGIN PRIVATE KEY-----\nc2VlZGVk\n-----END PRIVATE KEY-----\n");
        assertThat(failure()).hasMessageContaining("damaged or of an unsupported type");
    }

    private String fetch() throws Exception {
        return repository.fetch(() -> {}).commit();
    }

    private SourceFailedException failure() {
        return catchThrowableOfType(SourceFailedException.class, this::fetch);
    }
}
