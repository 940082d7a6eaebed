package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over SSH, from a real server. */
@Timeout(60)
class GitOverSshTest {
    @TempDir
    Path directory;

    private ConfigRepo repo;
    private GitSshServer server;
    private Path knownHosts;

    @BeforeEach
    void startServer() throws IOException, GeneralSecurityException {
        repo = new ConfigRepo(directory.resolve("config.git"));
        repo.write("kafka.yaml", "a: 1").commit("First");
        server = new GitSshServer(repo.directory());
        knownHosts = server.knownHosts(directory.resolve("known_hosts"));
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
        repo.close();
    }

    @ParameterizedTest
    @CsvSource({"ecdsa-sha2-nistp256, 256", "ssh-ed25519, 256", "ssh-rsa, 3072"})
    void readsWithTheMountedKey(String type, int size) throws Exception {
        KeyPair key = KeyUtils.generateKeyPair(type, size);
        server.allow(key.getPublic());
        GitRepository repository =
                new GitRepository(settings(GitSshServer.write(key, directory.resolve("key"), null), Optional.empty()));

        assertThat(fetch(repository).files()).hasSize(1);
        String second = repo.write("kafka.yaml", "a: 2").commit("Second");
        assertThat(fetch(repository).commit()).isEqualTo(second);
    }

    @Test
    void aRepositoryWithSha256IdsIsNamed() throws Exception {
        Path other = directory.resolve("sha256.git");
        GitCommand.git(directory, "init", "-q", "--object-format=sha256", "work");
        Files.writeString(directory.resolve("work/kafka.yaml"), "a: 1");
        GitCommand.git(directory.resolve("work"), "add", "-A");
        GitCommand.git(directory.resolve("work"), "commit", "-qm", "First");
        GitCommand.git(directory, "clone", "-q", "--bare", "work", other.toString());
        KeyPair key = key();
        try (GitSshServer git = new GitSshServer(other)) {
            git.serveByGit();
            git.allow(key.getPublic());
            git.knownHosts(knownHosts);
            GitSettings settings = new GitSettings(
                    RemoteUrl.of(git.url()),
                    "main",
                    "",
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(30),
                    settings(GitSshServer.write(key, directory.resolve("key"), null), Optional.empty())
                            .files(),
                    directory.resolve("cache"));

            assertThat(catchThrowableOfType(SourceFailedException.class, () -> fetch(new GitRepository(settings))))
                    .hasMessageContaining("objects are in the SHA-256 format");
        }
    }

    @Test
    void takesThePassphraseOfTheKeyFromThePasswordFile() throws Exception {
        KeyPair key = key();
        server.allow(key.getPublic());
        Path file = GitSshServer.write(key, directory.resolve("key"), "open sesame");
        Path passphrase = Files.writeString(directory.resolve("passphrase"), "open sesame\n");

        assertThat(fetch(new GitRepository(settings(file, Optional.of(passphrase))))
                        .files())
                .hasSize(1);
    }

    @Test
    void aKeyWhosePassphraseIsNotConfiguredIsRefused() throws Exception {
        KeyPair key = key();
        server.allow(key.getPublic());
        Path file = GitSshServer.write(key, directory.resolve("key"), "open sesame");

        SourceFailedException failure = failure(new GitRepository(settings(file, Optional.empty())));

        assertThat(failure.getMessage() + failure.toDo()).contains("passphrase");
    }

    @Test
    void anUnknownHostIsRefused() throws Exception {
        KeyPair key = key();
        server.allow(key.getPublic());
        Files.writeString(knownHosts, "");

        SourceFailedException failure = failure(
                new GitRepository(settings(GitSshServer.write(key, directory.resolve("key"), null), Optional.empty())));

        assertThat(failure).hasMessageContaining("is unknown").hasMessageContaining(knownHosts.toString());
        assertThat(failure.toDo()).contains("ssh-keyscan");
        assertThat(knownHosts).isEmptyFile();
    }

    @Test
    void aHostWhoseKeyChangedIsRefused() throws Exception {
        KeyPair key = key();
        server.allow(key.getPublic());
        try (GitSshServer other = new GitSshServer(repo.directory())) {
            String theirs = Files.readString(other.knownHosts(directory.resolve("other")));
            String changed = Files.readString(knownHosts).split(" ", 2)[0] + " " + theirs.split(" ", 2)[1];
            Files.writeString(knownHosts, changed);
        }

        assertThat(failure(new GitRepository(
                        settings(GitSshServer.write(key, directory.resolve("key"), null), Optional.empty()))))
                .hasMessageContaining("is unknown");
    }

    @Test
    void aKeyThatTheServerDoesNotKnowIsRefusedAndARotatedOneIsUsed() throws Exception {
        KeyPair key = key();
        server.allow(key.getPublic());
        Path file = GitSshServer.write(key(), directory.resolve("key"), null);
        GitRepository repository = new GitRepository(settings(file, Optional.empty()));
        SourceFailedException failure = failure(repository);
        assertThat(failure)
                .hasMessageContaining("does not accept the private key")
                .hasMessageContaining(file.toString());

        GitSshServer.write(key, file, null);

        assertThat(fetch(repository).files()).hasSize(1);
    }

    @Test
    void aServerThatHangsIsGivenUpAtTheDeadline() throws Exception {
        KeyPair key = key();
        server.allow(key.getPublic());
        server.hang();
        GitRepository repository = new GitRepository(settings(
                GitSshServer.write(key, directory.resolve("key"), null), Optional.empty(), Duration.ofSeconds(5)));

        long started = System.nanoTime();
        assertThat(failure(repository)).hasMessageContaining("did not end within 5 s");

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
    }

    private static KeyPair key() throws GeneralSecurityException {
        return KeyUtils.generateKeyPair(KeyPairProvider.ECDSA_SHA2_NISTP256, 256);
    }

    private GitSettings settings(Path key, Optional<Path> passphrase) {
        return settings(key, passphrase, Duration.ofSeconds(30));
    }

    private GitSettings settings(Path key, Optional<Path> passphrase, Duration timeout) {
        return new GitSettings(
                RemoteUrl.of(server.url()),
                "main",
                "",
                Duration.ofMinutes(1),
                timeout,
                new GitSettings.Files(
                        Optional.empty(), passphrase, Optional.of(key), Optional.of(knownHosts), Optional.empty()),
                directory.resolve("cache"));
    }

    private static Snapshot fetch(GitRepository repository) throws Exception {
        return repository.fetch(() -> {});
    }

    private static SourceFailedException failure(GitRepository repository) {
        return catchThrowableOfType(SourceFailedException.class, () -> fetch(repository));
    }
}
