package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.reconciler.spec.read.SourceFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much is transferred, from servers that allow filters and from servers that do not. */
class ShallowFetchTest {
    private static final int LARGE = 5 * 1024 * 1024;

    @TempDir
    Path directory;

    private final Random random = new Random(1);
    private ConfigRepo repo;
    private GitHttpServer server;

    @BeforeEach
    void serve() throws IOException {
        repo = new ConfigRepo(directory.resolve("config.git"));
        server = GitHttpServer.http(directory);
    }

    @AfterEach
    void stop() {
        server.close();
        repo.close();
    }

    @Test
    void filesOutsideOfThePathAreNotTransferred() throws Exception {
        allowFilters();
        for (int file = 0; file < 20; file++) {
            repo.write("apps/image-" + file + ".bin", noise(200_000));
        }
        repo.write("prod/kafka.yaml", "a: 1")
                .write("prod/large.bin", noise(LARGE))
                .commit("First");
        GitRepository repository = repository("prod");

        assertThat(fetch(repository).files()).containsExactly(SourceFile.of("prod/kafka.yaml", "a: 1"));
        assertThat(server.sent()).isLessThan(20_000);

        repo.write("prod/kafka.yaml", "a: 2")
                .write("apps/image-3.bin", noise(200_000))
                .commit("Second");
        assertThat(fetch(repository).files()).containsExactly(SourceFile.of("prod/kafka.yaml", "a: 2"));

        repo.write("apps/image-3.bin", noise(200_000)).commit("Third");
        assertThat(fetch(repository).message()).isEqualTo("Third");
        assertThat(fetch(repository("prod")).files()).containsExactly(SourceFile.of("prod/kafka.yaml", "a: 2"));
        assertThat(server.sent()).isLessThan(60_000);
    }

    @Test
    void largeFilesAreLeftOutAndALargeOneThatWouldBeReadIsNamed() throws Exception {
        allowFilters();
        repo.write("kafka.yaml", "a: 1").write("notes.bin", noise(LARGE)).write("dump.yaml", noise(LARGE));
        repo.commit("First");
        GitRepository repository = repository("");

        assertDumpIsRefused(fetch(repository));
        assertThat(server.sent()).isLessThan(20_000);

        repo.write("kafka.yaml", "a: 2").commit("Second");
        assertDumpIsRefused(fetch(repository));
        assertDumpIsRefused(fetch(repository("")));

        repo.write("dump.yaml", "b: 1").commit("Third");
        assertThat(fetch(repository).files())
                .containsExactly(SourceFile.of("dump.yaml", "b: 1"), SourceFile.of("kafka.yaml", "a: 2"));
        assertThat(server.sent()).isLessThan(60_000);
    }

    @Test
    void aServerWithoutFiltersSendsAllAndTheSameIsRead() throws Exception {
        repo.write("prod/kafka.yaml", "a: 1")
                .write("prod/dump.yaml", noise(LARGE))
                .write("notes.bin", noise(LARGE));
        repo.commit("First");
        GitRepository repository = repository("prod");

        CommitFiles first = fetch(repository);

        assertThat(first.files()).hasSize(2);
        assertThat(first.files().get(0).refusal().orElseThrow().why()).contains("the file has " + LARGE + " bytes");
        repo.write("prod/kafka.yaml", "a: 2").commit("Second");
        assertThat(fetch(repository).files()).contains(SourceFile.of("prod/kafka.yaml", "a: 2"));
    }

    @Test
    void aServerThatAllowsSomeFiltersOnlyIsReadToo() throws Exception {
        allowFilters();
        GitCommand.git(repo.directory(), "config", "uploadpackfilter.blob:limit.allow", "false");
        repo.write("prod/kafka.yaml", "a: 1").write("notes.bin", noise(LARGE)).commit("First");

        assertThat(fetch(repository("prod")).files()).containsExactly(SourceFile.of("prod/kafka.yaml", "a: 1"));
    }

    @Test
    void aPathThatIsNotThereIsAnErrorWithFiltersToo() throws Exception {
        allowFilters();
        repo.write("prod/kafka.yaml", "a: 1").commit("First");

        assertThat(failure(repository("test"))).hasMessageContaining("Directory \"test\" not found");
    }

    private static void assertDumpIsRefused(CommitFiles snapshot) {
        assertThat(snapshot.files()).hasSize(2);
        assertThat(snapshot.files().get(0).path()).isEqualTo("dump.yaml");
        assertThat(snapshot.files().get(0).refusal().orElseThrow().why()).contains("the maximum is 262144");
        assertThat(snapshot.files().get(1).path()).isEqualTo("kafka.yaml");
    }

    private void allowFilters() throws Exception {
        GitCommand.git(repo.directory(), "config", "uploadpack.allowFilter", "true");
    }

    private byte[] noise(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private GitRepository repository(String path) {
        return new GitRepository(new GitSettings(
                RemoteUrl.of(server.url("config.git")),
                "main",
                path,
                Duration.ofMinutes(1),
                Duration.ofSeconds(60),
                GitSettings.Files.none(),
                directory.resolve("cache")));
    }

    private static CommitFiles fetch(GitRepository repository) throws Exception {
        return repository.fetch(() -> {});
    }

    private static SourceFailedException failure(GitRepository repository) {
        return catchThrowableOfType(SourceFailedException.class, () -> fetch(repository));
    }
}
