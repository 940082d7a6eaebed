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

/** Fetches over SSH from a real server. */
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
    void mountedKeyIsUsed(String type, int size) throws Exception {
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
                    .hasMessageContaining("object format SHA-256 is not supported");
        }
    }

    @Test
    void passphraseOfTheKeyIsReadFromThePasswordFile() throws Exception {
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not a key                                       | contains no private key",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@host        | contains a public key",
                "PuTTY-User-Key-File-3: ssh-ed25519              | PuTTY",
                "-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaA | damaged or of an unsupported type",
            })
    void aFileThatHoldsNoKeyIsNamedAsWhatItIs(String content, String words) throws Exception {
        Path file = Files.writeString(directory.resolve("key"), content.replace("\\n", "\n"));

        SourceFailedException failure = failure(new GitRepository(settings(file, Optional.empty())));

        assertThat(failure).hasMessageContaining(file.toString()).hasMessageContaining(words);
        assertThat(failure.toDo()).contains("OpenSSH");
    }

    @Test
    void aKeyThatIsCutOffIsNamed() throws Exception {
        Path file = GitSshServer.write(key(), directory.resolve("key"), null);
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() / 2) + "\n-----END OPENSSH PRIVATE KEY-----\n");

        assertThat(failure(new GitRepository(settings(file, Optional.empty())))).hasMessageContaining("damaged");
    }

    @Test
    void aWrongPassphraseIsNamedAndNotShown() throws Exception {
        Path file = GitSshServer.write(key(), directory.resolve("key"), "open sesame");
        Path passphrase = Files.writeString(directory.resolve("passphrase"), "open poppy");

        SourceFailedException failure = failure(new GitRepository(settings(file, Optional.of(passphrase))));

        assertThat(failure)
                .hasMessageContaining("cannot be decrypted with the passphrase in " + passphrase)
                .hasMessageNotContaining("open poppy");
        assertThat(failure.toDo()).contains("Correct the passphrase");
    }

    @Test
    void filesThatAppearAfterTheStartAreUsed() throws Exception {
        KeyPair key = key();
        server.allow(key.getPublic());
        Path file = directory.resolve("key");
        byte[] hosts = Files.readAllBytes(knownHosts);
        Files.delete(knownHosts);
        Path passphrase = directory.resolve("passphrase");
        GitRepository repository = new GitRepository(settings(file, Optional.of(passphrase)));

        SourceFailedException noKey = failure(repository);
        assertThat(noKey).hasMessageContaining("private key file " + file + " does not exist");
        assertThat(noKey.toDo()).contains("read again at each fetch");
        GitSshServer.write(key, file, "open sesame");
        assertThat(failure(repository)).hasMessageContaining("is encrypted, but no passphrase is available");
        Files.writeString(passphrase, "open sesame\n");
        assertThat(failure(repository)).hasMessageContaining("known_hosts file " + knownHosts + " does not exist");
        Files.write(knownHosts, hosts);

        assertThat(fetch(repository).files()).hasSize(1);
    }

    @Test
    void aServerOfAnotherProtocolIsNamed() throws Exception {
        Path file = GitSshServer.write(key(), directory.resolve("key"), null);
        try (GitHttpServer http = GitHttpServer.http(directory)) {
            GitSettings settings = settings(file, Optional.empty());
            GitRepository repository = new GitRepository(new GitSettings(
                    RemoteUrl.of("ssh://git@127.0.0.1:" + http.port() + "/config.git"),
                    "main",
                    settings.path(),
                    settings.interval(),
                    settings.timeout(),
                    settings.files(),
                    settings.cacheDirectory()));

            assertThat(failure(repository)).hasMessageContaining("is not an SSH server");
        }
    }

    @Test
    void aKeyThatTheServerDoesNotKnowIsRefusedAndARotatedOneIsUsed() throws Exception {
        KeyPair key = key();
        server.allow(key.getPublic());
        Path file = GitSshServer.write(key(), directory.resolve("key"), null);
        GitRepository repository = new GitRepository(settings(file, Optional.empty()));
        SourceFailedException failure = failure(repository);
        assertThat(failure).hasMessageContaining("rejected the private key").hasMessageContaining(file.toString());

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
        assertThat(failure(repository)).hasMessageContaining("timed out after 5 s");

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMinutes(1));
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

    private static CommitFiles fetch(GitRepository repository) throws Exception {
        return repository.fetch(() -> {});
    }

    private static SourceFailedException failure(GitRepository repository) {
        return catchThrowableOfType(SourceFailedException.class, () -> fetch(repository));
    }
}
