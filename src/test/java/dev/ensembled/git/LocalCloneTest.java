package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.reconciler.spec.read.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clone of the branch on the disk, which may be lost or damaged at any time. */
class LocalCloneTest {
    @TempDir
    Path directory;

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
    void manyPushesDoNotLeaveAPackEach() throws Exception {
        GitRepository repository = repository();
        for (int push = 1; push <= 60; push++) {
            repo.write("kafka.yaml", "a: " + push).commit("Push " + push);
            assertThat(fetch(repository).message()).isEqualTo("Push " + push);
        }

        try (Stream<Path> packs = Files.list(directory.resolve("cache/clone.git/objects/pack"))) {
            assertThat(packs.filter(file -> file.toString().endsWith(".pack")).count())
                    .isLessThan(55);
        }
    }

    @Test
    void cloneOfAnEarlierProcessIsUsed() throws Exception {
        String commit = repo.write("kafka.yaml", "a: 1").commit("First");
        fetch(repository());
        Path pack = onlyPack();
        Instant written = Files.getLastModifiedTime(pack).toInstant();

        assertThat(fetch(repository()).commit()).isEqualTo(commit);
        assertThat(Files.getLastModifiedTime(onlyPack()).toInstant()).isEqualTo(written);
        assertThat(onlyPack()).isEqualTo(pack);
    }

    @Test
    void cloneWithADamagedPackIsRepaired() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        fetch(repository());
        Files.write(onlyPack(), new byte[] {1, 2, 3});

        assertThat(fetch(repository()).files()).containsExactly(SourceFile.of("kafka.yaml", "a: 1"));
    }

    @Test
    void cloneWithADamagedPackIsRepairedAtANewCommit() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        fetch(repository());
        Files.write(onlyPack(), new byte[] {1, 2, 3});
        repo.write("kafka.yaml", "a: 2").commit("Second");

        assertThat(fetch(repository()).files()).containsExactly(SourceFile.of("kafka.yaml", "a: 2"));
    }

    @Test
    void cloneWithADamagedConfigurationIsRepaired() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        fetch(repository());
        Files.writeString(directory.resolve("cache/clone.git/config"), "[broken");

        assertThat(fetch(repository()).files()).hasSize(1);
    }

    @Test
    void cloneWithTheLockOfAKilledProcessIsRepaired() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        fetch(repository());
        Files.createFile(directory.resolve("cache/clone.git/refs/heads/main.lock"));
        repo.write("kafka.yaml", "a: 2").commit("Second");

        assertThat(fetch(repository()).files()).containsExactly(SourceFile.of("kafka.yaml", "a: 2"));
    }

    @Test
    void directoryThatIsNoCloneIsReplaced() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        Files.createDirectories(directory.resolve("cache"));
        Files.writeString(directory.resolve("cache/clone.git"), "a file");

        assertThat(fetch(repository()).files()).hasSize(1);
    }

    @Test
    void theCloneOfAnotherPathIsNotUsed() throws Exception {
        repo.write("a/kafka.yaml", "a: 1").write("b/kafka.yaml", "b: 1").commit("First");
        fetch(repository("a"));

        assertThat(fetch(repository("b")).files()).containsExactly(SourceFile.of("b/kafka.yaml", "b: 1"));
    }

    private GitRepository repository() {
        return repository("");
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

    private Path onlyPack() throws IOException {
        try (Stream<Path> packs = Files.list(directory.resolve("cache/clone.git/objects/pack"))) {
            List<Path> found =
                    packs.filter(file -> file.toString().endsWith(".pack")).toList();
            assertThat(found).hasSize(1);
            found.get(0).toFile().setWritable(true);
            return found.get(0);
        }
    }
}
