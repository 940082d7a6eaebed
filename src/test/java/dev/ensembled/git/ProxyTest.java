package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.HttpFiles;
import dev.ensembled.git.settings.Redaction;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fetches over HTTPS through a proxy that requires credentials, from a server that requires others. */
@Timeout(120)
class ProxyTest {
    private static final String PROXY_SECRET = "proxy-s3cret";
    private static final String SERVER_SECRET = "server-s3cret";

    @TempDir
    Path directory;

    private Path mounted;
    private ConfigRepo repo;
    private GitHttpServer server;
    private ConnectProxy proxy;
    private GitRepository repository;

    @BeforeEach
    void serve() throws Exception {
        mounted = Files.createDirectories(directory.resolve("mounted"));
        repo = new ConfigRepo(directory.resolve("config.git"));
        repo.write("kafka.yaml", "a: 1").commit("First");
        TestCertificate certificate = TestCertificate.in(directory);
        server = GitHttpServer.https(directory, certificate);
        server.requireBasic("bot", SERVER_SECRET);
        proxy = ConnectProxy.requiring("carol", PROXY_SECRET);
        GitSettings.Files files = new GitSettings.Files(
                        Optional.of(Files.writeString(mounted.resolve("username"), "bot")),
                        Optional.of(Files.writeString(mounted.resolve("password"), SERVER_SECRET)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(certificate.pem()))
                .with(HttpFiles.in(mounted));
        repository = new GitRepository(new GitSettings(
                RemoteUrl.of(server.url("config.git")),
                "main",
                "",
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                files,
                directory.resolve("cache")));
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
        server.close();
        repo.close();
    }

    @Test
    void credentialsGoToTheProxyAndNotToTheServer() throws Exception {
        SourceFailedException without = failure();
        assertThat(without).hasMessageContaining("The proxy for").hasMessageContaining("requires authentication");
        assertThat(without.toDo()).contains("proxy-password");
        write("proxy-username", "carol");
        assertThat(failure()).hasMessageContaining(mounted.resolve("proxy-password") + " does not exist");

        write("proxy-password", PROXY_SECRET);

        assertThat(fetch()).isEqualTo(repo.head("main"));
        assertThat(proxy.tunnels()).isPositive();
        assertThat(server.authorizations()).isNotEmpty().allMatch(sent -> sent.startsWith("Basic Ym90O"));
        assertThat(server.headerNames()).doesNotContain("Proxy-authorization");
    }

    @Test
    void rotatedPasswordIsUsedAtTheNextFetch() throws Exception {
        write("proxy-username", "carol");
        write("proxy-password", "an-old-password");
        SourceFailedException refused = failure();
        assertThat(refused).hasMessageContaining("rejected the credentials");
        assertThat(refused.getMessage() + refused.toDo()).doesNotContain("an-old-password");
        assertThat(Redaction.text("the proxy said an-old-password")).isEqualTo("the proxy said ***");

        write("proxy-password", PROXY_SECRET + "\n");

        assertThat(fetch()).isEqualTo(repo.head("main"));
    }

    private void write(String name, String content) throws Exception {
        Files.writeString(mounted.resolve(name), content);
    }

    private String fetch() throws Exception {
        return repository.fetch(() -> {}).commit();
    }

    private SourceFailedException failure() {
        return catchThrowableOfType(SourceFailedException.class, this::fetch);
    }
}
