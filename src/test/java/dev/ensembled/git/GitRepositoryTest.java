package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SourceFailedException;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.git.tree.TreeReader;
import dev.ensembled.reconciler.spec.read.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetches over {@code file:} from real repositories. */
class GitRepositoryTest {
    @TempDir
    Path directory;

    private ConfigRepo repo;

    @BeforeEach
    void createRepository() throws IOException {
        repo = new ConfigRepo(directory.resolve("config.git"));
    }

    @AfterEach
    void closeRepository() {
        repo.close();
    }

    @Test
    void yamlFilesOfTheNewestCommitAreRead() throws Exception {
        String commit = repo.write("kafka.yaml", "a: 1\n")
                .write("teams/search/deep/solr.yml", "b: ü\n")
                .write("README.md", "hello")
                .commit("First\n\nWith a body");

        CommitFiles snapshot = fetch("");

        assertThat(snapshot.commit()).isEqualTo(commit);
        assertThat(snapshot.message()).isEqualTo("First");
        assertThat(snapshot.time()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(snapshot.files())
                .containsExactly(
                        SourceFile.of("kafka.yaml", "a: 1\n"), SourceFile.of("teams/search/deep/solr.yml", "b: ü\n"));
    }

    @Test
    void onlyVisibleFilesBelowTheConfiguredPathAreRead() throws Exception {
        repo.write("other.yaml", "o: 1")
                .write("prod/kafka.yaml", "k: 1")
                .write("production/x.yaml", "x: 1")
                .write("prod/.github/workflow.yaml", "w: 1")
                .write("prod/a/.hidden.yaml", "h: 1")
                .commit("First");

        assertThat(fetch("prod").files()).containsExactly(SourceFile.of("prod/kafka.yaml", "k: 1"));
    }

    @Test
    void pushIsSeenAndAnUnchangedBranchKeepsItsSnapshot() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        GitRepository repository = repository("", "main");
        CommitFiles first = fetch(repository);

        assertThat(fetch(repository)).isSameAs(first);

        String second = repo.write("kafka.yaml", "a: 2").commit("Second");
        assertThat(fetch(repository).commit()).isEqualTo(second);
        assertThat(fetch(repository).files()).containsExactly(SourceFile.of("kafka.yaml", "a: 2"));
    }

    @Test
    void pushOfTheGitCommandLineIsSeen() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        GitRepository repository = repository("", "main");
        fetch(repository);
        Path work = directory.resolve("work");
        git("clone", "-q", repo.url(), work.toString());
        Files.writeString(work.resolve("kafka.yaml"), "a: 2\n");
        git("-C", work.toString(), "-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qam", "By hand");
        git("-C", work.toString(), "push", "-q", "origin", "main");

        CommitFiles snapshot = fetch(repository);

        assertThat(snapshot.message()).isEqualTo("By hand");
        assertThat(snapshot.files()).containsExactly(SourceFile.of("kafka.yaml", "a: 2\n"));
    }

    @Test
    void forcePushIsFollowed() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        repo.write("kafka.yaml", "a: 2").commit("Second");
        GitRepository repository = repository("", "main");
        fetch(repository);

        String rewritten = repo.write("kafka.yaml", "a: 3").rewrite("Rewritten");

        assertThat(fetch(repository).commit()).isEqualTo(rewritten);
    }

    @Test
    void aVanishedBranchNamesTheBranchesThatExist() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        repo.commit("develop", "First", true);
        GitRepository repository = repository("", "main");
        fetch(repository);
        repo.deleteBranch("main");

        SourceFailedException failure = failure(repository);

        assertThat(failure).hasMessageContaining("Branch \"main\" not found");
        assertThat(failure.toDo()).contains("develop").doesNotContain("main");
    }

    @Test
    void aRepositoryWithoutCommitsSaysSo() {
        assertThat(failure(repository("", "main"))).hasMessageContaining("the repository has no branches");
    }

    @Test
    void aRepositoryThatIsNotThereSaysSo() {
        GitSettings settings = settings("file://" + directory.resolve("nowhere.git"), "", "main");

        assertThat(failure(new GitRepository(settings)))
                .hasMessageContaining("not found or not readable")
                .hasMessageContaining("nowhere.git");
    }

    @Test
    void aMissingPathIsAnError() throws Exception {
        String commit = repo.write("kafka.yaml", "a: 1").commit("First");

        SourceFailedException failure = failure(repository("prod", "main"));

        assertThat(failure).hasMessageContaining(commit).hasMessageContaining("Directory \"prod\" not found");
        assertThat(failure.toDo()).contains("set the path to the directory");
    }

    @Test
    void aPathThatIsASymbolicLinkIsAnError() throws Exception {
        repo.write("real/kafka.yaml", "a: 1").link("prod", "real").commit("First");

        assertThat(failure(repository("prod", "main"))).hasMessageContaining("is a symbolic link");
    }

    @Test
    void anEmptiedRepositoryHasNoFiles() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        GitRepository repository = repository("", "main");
        fetch(repository);
        repo.delete("kafka.yaml").commit("Oops");

        assertThat(fetch(repository).files()).isEmpty();
    }

    @Test
    void linksSubmodulesLargeFilesAndOtherEncodingsAreRefused() throws Exception {
        byte[] latin1 = "name: Jürgen".getBytes(StandardCharsets.ISO_8859_1);
        repo.link("link.yaml", "/etc/passwd")
                .submodule("module.yaml")
                .write("large.yaml", "x".repeat(256 * 1024 + 1))
                .write("latin1.yaml", latin1)
                .write("fits.yaml", "x".repeat(256 * 1024))
                .commit("First");

        List<SourceFile> files = fetch("").files();

        assertThat(files).extracting(SourceFile::path).hasSize(5);
        assertThat(refusal(files, "link.yaml")).contains("symbolic link");
        assertThat(refusal(files, "module.yaml")).contains("submodule");
        assertThat(refusal(files, "large.yaml")).contains("262145 bytes").contains("split");
        assertThat(refusal(files, "latin1.yaml")).contains("UTF-8");
        assertThat(file(files, "fits.yaml").refusal()).isEmpty();
        assertThat(files).filteredOn(file -> file.refusal().isPresent()).allSatisfy(file -> assertThat(file.text())
                .isEmpty());
    }

    @Test
    void unreadFilesThatNameOurKindAreKnown() throws Exception {
        String ours = "apiVersion: ensembled.dev/v1alpha1\nkind: ZooKeeperEnsemble\n";
        repo.write("base/kafka.txt", ours)
                .link("specs/link.yaml", "../base/kafka.txt")
                .link("specs/dangling.yaml", "../base/nothing")
                .link("specs/outside.yaml", "../../../etc/passwd")
                .write("specs/large.yaml", "# " + "x".repeat(300_000) + "\n" + ours)
                .write("specs/definitions.YML", "kind: Foo\n# " + "x".repeat(300_000))
                .write("specs/utf16.yaml", ours.getBytes(StandardCharsets.UTF_16LE))
                .write("specs/latin1.YAML", "kind: Foo # \u00fc".getBytes(StandardCharsets.ISO_8859_1))
                .commit("First");

        assertThat(fetch("specs").files())
                .hasSize(7)
                .filteredOn(file -> file.refusal().orElseThrow().ours())
                .extracting(SourceFile::path)
                .containsExactlyInAnyOrder("specs/link.yaml", "specs/large.yaml", "specs/utf16.yaml");
    }

    @Test
    void unreadableDirectoriesAreNoted() throws Exception {
        repo.write("real/kafka.yaml", "a: 1")
                .submodule("teams/module")
                .link("teams/link", "../real")
                .link("LICENSE", "real/kafka.yaml")
                .link("outside", "../../../etc")
                .commit("First");

        CommitFiles snapshot = fetch("");

        assertThat(snapshot.unread()).containsExactlyInAnyOrder("teams/module", "teams/link");
        assertThat(snapshot.notes())
                .hasSize(2)
                .anySatisfy(note -> assertThat(note).contains("teams/module", "submodule"))
                .anySatisfy(note -> assertThat(note).contains("teams/link", "symbolic link"));
    }

    @Test
    void tooManyFilesAreOneError() throws Exception {
        for (int file = 0; file <= TreeReader.MOST_FILES; file++) {
            repo.write("f" + file + ".yaml", "");
        }
        repo.commit("Many");

        assertThat(failure(repository("", "main"))).hasMessageContaining("more than 10000 YAML files");
    }

    @Test
    void tooManyBytesAreOneError() throws Exception {
        String text = "x".repeat(TreeReader.LARGEST_FILE);
        for (int file = 0; file <= TreeReader.MOST_BYTES / TreeReader.LARGEST_FILE; file++) {
            repo.write("f" + file + ".yaml", text);
        }
        repo.commit("Much");

        assertThat(failure(repository("", "main"))).hasMessageContaining("32 MiB");
    }

    @Test
    void aFetchThatCannotBeEndedIsReportedAndNotStartedTwice() throws Exception {
        repo.write("kafka.yaml", "a: 1").commit("First");
        Path head = repo.directory().resolve("HEAD");
        Path aside = Files.move(head, repo.directory().resolve("aside"));
        Path fifo = repo.directory().resolve("fifo");
        run("mkfifo", fifo.toString());
        Files.createLink(head, fifo);
        GitRepository repository = new GitRepository(settings(repo.url(), "", "main", Duration.ofSeconds(3)));
        assertThat(failure(repository)).hasMessageContaining("timed out after 3 s");

        assertThat(failure(repository)).hasMessageContaining("has not ended yet");
        assertThat(fetchThreads()).isEqualTo(1);

        Files.move(aside, head, StandardCopyOption.REPLACE_EXISTING);
        Files.newOutputStream(fifo).close();
        for (int observed = 0; observed < 1_000 && fetchThreads() > 0; observed++) {
            Thread.sleep(50);
        }
        assertThat(fetch(repository).files()).hasSize(1);
    }

    @Test
    void gitConfigurationOfTheMachineAndTheUserIsIgnored() {
        repository("", "main");

        SystemReader reader = SystemReader.getInstance();
        assertThat(reader.openUserConfig(null, FS.DETECTED).getFile()).isNull();
        assertThat(reader.openSystemConfig(null, FS.DETECTED).getFile()).isNull();
        assertThat(reader.openJGitConfig(null, FS.DETECTED).getFile()).isNull();
        assertThat(reader.getenv("HOME")).isNull();
    }

    private static long fetchThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("git-fetch"))
                .count();
    }

    private CommitFiles fetch(String path) throws Exception {
        return fetch(repository(path, "main"));
    }

    private static CommitFiles fetch(GitRepository repository) throws Exception {
        return repository.fetch(() -> {});
    }

    private static SourceFailedException failure(GitRepository repository) {
        return catchThrowableOfType(SourceFailedException.class, () -> fetch(repository));
    }

    private GitRepository repository(String path, String branch) {
        return new GitRepository(settings(repo.url(), path, branch));
    }

    private GitSettings settings(String url, String path, String branch) {
        return settings(url, path, branch, Duration.ofSeconds(60));
    }

    private GitSettings settings(String url, String path, String branch, Duration timeout) {
        return new GitSettings(
                RemoteUrl.of(url),
                branch,
                path,
                Duration.ofMinutes(1),
                timeout,
                GitSettings.Files.none(),
                directory.resolve("cache"));
    }

    private static SourceFile file(List<SourceFile> files, String path) {
        return files.stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static String refusal(List<SourceFile> files, String path) {
        return file(files, path).refusal().orElseThrow().why();
    }

    private static void git(String... arguments) throws Exception {
        run(Stream.concat(Stream.of("git"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
