package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.CommitFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real repositories that Git can read and ensembled cannot: the message of each names what cannot be read. */
class RepositoryFormatTest {
    /** Not deleted at once: JGit still measures the file system there, on its own thread. */
    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    private Path work;

    @BeforeEach
    void prepare() throws Exception {
        work = Files.createDirectory(directory.resolve("work"));
    }

    @Test
    void aRepositoryWithSha256IdsOnDisk() throws Exception {
        sha256();

        assertSha256(failure("file://" + directory.resolve("config.git")));
    }

    @ParameterizedTest
    @CsvSource({"version=0", "version=1", "version=2"})
    void aRepositoryWithSha256IdsOverHttp(String protocol) throws Exception {
        sha256();
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            server.speakOnly(protocol);
            assertSha256(failure(server.url("config.git")));
        }
    }

    @Test
    void anUnknownExtensionAndAnUnknownVersion() throws Exception {
        Path repository = sha1();
        GitCommand.git(repository, "config", "core.repositoryFormatVersion", "1");
        GitCommand.git(repository, "config", "extensions.teleport", "yes");
        assertThat(failure("file://" + repository))
                .hasMessageContaining("extension \"teleport\" (yes) is not supported");

        Path config = repository.resolve("config");
        Files.writeString(config, Files.readString(config).replaceAll("(?m)^\\s*teleport = yes\\n", ""));
        assertThat(fetch("file://" + repository).files()).hasSize(1);

        Files.writeString(config, Files.readString(config).replaceAll("(?i)(repositoryformatversion) = 1", "$1 = 7"));
        assertThat(failure("file://" + repository)).hasMessageContaining("repository format version 7");
    }

    @Test
    void aShallowCloneIsReadAndAPartialOneSaysWhatIsMissing() throws Exception {
        Path origin = sha1();
        GitCommand.git(origin, "config", "uploadpack.allowFilter", "true");
        GitCommand.git(directory, "clone", "-q", "--bare", "--depth=1", "file://" + origin, "shallow.git");
        GitCommand.git(directory, "clone", "-q", "--bare", "--filter=blob:none", "file://" + origin, "partial.git");

        assertThat(fetch("file://" + directory.resolve("shallow.git")).files()).hasSize(1);
        SourceFailedException failure = failure("file://" + directory.resolve("partial.git"));
        assertThat(failure).hasMessageContaining("partial clone");
        assertThat(failure.toDo()).contains("--filter");
    }

    @Test
    void alternatesAreFollowedAndNamedIfMissing() throws Exception {
        Path origin = sha1();
        GitCommand.git(directory, "clone", "-q", "--bare", "--shared", origin.toString(), "shared.git");
        assertThat(fetch("file://" + directory.resolve("shared.git")).files()).hasSize(1);

        Files.move(origin, directory.resolve("elsewhere.git"));
        assertThat(failure("file://" + directory.resolve("shared.git")))
                .hasMessageContaining("objects/info/alternates");
    }

    @Test
    void gitBundleIsRefusedAsADirectory() throws Exception {
        Path origin = sha1();
        GitCommand.git(
                origin,
                "bundle",
                "create",
                "-q",
                directory.resolve("all.bundle").toString(),
                "main");

        assertThat(failure("file://" + directory.resolve("all.bundle"))).hasMessageContaining("possibly a bundle");
    }

    @Test
    void aWorkingTreeIsReadToo() throws Exception {
        sha1();

        assertThat(fetch("file://" + work).files()).hasSize(1);
    }

    private static void assertSha256(SourceFailedException failure) {
        assertThat(failure).hasMessageContaining("object format SHA-256 is not supported (supported: SHA-1)");
        assertThat(failure.toDo()).contains("--object-format=sha1");
    }

    private void sha256() throws Exception {
        make("sha256");
    }

    private Path sha1() throws Exception {
        return make("sha1");
    }

    private Path make(String format) throws Exception {
        GitCommand.git(work, "init", "-q", "--object-format=" + format, ".");
        Files.writeString(work.resolve("kafka.yaml"), "a: 1\n");
        GitCommand.git(work, "add", "-A");
        GitCommand.git(work, "commit", "-qm", "First");
        GitCommand.git(directory, "clone", "-q", "--bare", work.toString(), "config.git");
        return directory.resolve("config.git");
    }

    private CommitFiles fetch(String url) throws Exception {
        return new GitRepository(new GitSettings(
                        RemoteUrl.of(url),
                        "main",
                        "",
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(30),
                        GitSettings.Files.none(),
                        directory.resolve("cache")))
                .fetch(() -> {});
    }

    private SourceFailedException failure(String url) {
        return catchThrowableOfType(SourceFailedException.class, () -> fetch(url));
    }
}
