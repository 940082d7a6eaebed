package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.validation.Violation;
import dev.ensembled.stub.SpecBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a push to the store, with a real repository and a store in memory. A line {@code NAME VOTERS [Delete]} in a file
 * is an ensemble, any other line is a violation.
 */
@Timeout(60)
class GitSourceTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private final MemoryStore store = new MemoryStore();
    private final MemoryRecord record = new MemoryRecord();
    private ConfigRepo repo;
    private GitSource source;

    @BeforeEach
    void createRepository() throws IOException {
        repo = new ConfigRepo(directory.resolve("config.git"));
        source = source(repo.url(), GitSourceTest::parse);
    }

    @AfterEach
    void close() {
        source.close();
        repo.close();
    }

    @Test
    void forcePushChangesNothingAlsoAfterARestart() {
        String first = repo.write("kafka.yaml", "kafka 3").commit("First");
        String second = repo.write("kafka.yaml", "kafka 5").commit("Second");
        start();
        repo.force("main", first);

        source.fetchNow();

        await(state -> state.fetchFailure().isPresent());
        assertThat(source.state().fetchFailure().orElseThrow().what()).contains(first, second, "stays in force");
        assertThat(source.state().commit().orElseThrow().id()).isEqualTo(second);
        source.close();
        source = source(repo.url(), GitSourceTest::parse);
        source.start();
        await(state -> state.fetchFailure().isPresent());
        assertThat(source.state().fetchFailure().orElseThrow().what()).contains(first, second);
        assertThat(store.get(id("kafka")).orElseThrow().spec().voters()).isEqualTo(5);
        String third = repo.write("kafka.yaml", "kafka 7").commit("Third");
        repo.force("main", second);
        source.fetchNow();
        awaitCommit(second);
        repo.force("main", third);
        source.fetchNow();
        await(state -> state.failuresInARow() > 0);
        assertThat(store.get(id("kafka")).orElseThrow().spec().voters()).isEqualTo(5);
    }

    @Test
    void commitIsOnRecordBeforeTheStoreChanges() {
        String first = repo.write("kafka.yaml", "kafka 3").commit("First");
        start();
        store.goDown();
        String second = repo.write("kafka.yaml", "kafka 5").commit("Second");

        source.fetchNow();

        await(state -> state.storeFailure().isPresent());
        assertThat(record.id()).contains(second);
        assertThat(store.get(id("kafka")).orElseThrow().spec().voters()).isEqualTo(3);
        source.close();
        store.repair();
        repo.force("main", first);
        source = source(repo.url(), GitSourceTest::parse);
        source.start();
        await(state -> state.fetchFailure().isPresent());
        assertThat(source.state().fetchFailure().orElseThrow().what()).contains(second);
    }

    @Test
    void commitThatCannotBePutOnRecordIsNotAcceptedUntilItCan() {
        String first = repo.write("kafka.yaml", "kafka 3").commit("First");
        start();
        record.breakWrites(true);
        String second = repo.write("kafka.yaml", "kafka 5").commit("Second");

        source.fetchNow();

        await(state -> state.fetchFailure().isPresent());
        assertThat(source.state().fetchFailure().orElseThrow().what())
                .contains(second, "cannot be put on record", "no space left");
        assertThat(source.state().commit().orElseThrow().id()).isEqualTo(first);
        record.breakWrites(false);
        awaitCommit(second);
        assertThat(store.get(id("kafka")).orElseThrow().spec().voters()).isEqualTo(5);
    }

    @Test
    void aPushReachesTheStoreWithItsCommitAndPath() {
        String first =
                repo.write("kafka.yaml", "kafka 3").write("solr.yaml", "solr 3").commit("First");
        source.start();
        awaitCommit(first);
        String second = repo.write("kafka.yaml", "kafka 5").commit("Second");

        source.fetchNow();
        awaitCommit(second);

        assertThat(store.source("kafka")).contains(synced(second, "kafka.yaml"));
        assertThat(store.source("solr")).contains(synced(first, "solr.yaml"));
        assertThat(store.get(id("kafka")).orElseThrow().spec().voters()).isEqualTo(5);
        assertThat(store.writes()).containsExactly("accept ns/kafka", "accept ns/solr", "accept ns/kafka");
    }

    @Test
    void slowParseKeepsTheHeartbeatAndIsReported() {
        AtomicInteger calls = new AtomicInteger();
        source.close();
        source = source(repo.url(), (files, goOn) -> {
            if (calls.incrementAndGet() > 1) {
                return new CommitReader.Complete(parse(files));
            }
            Instant before = source.lastHeartbeat();
            long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
            while (System.nanoTime() < end) {
                assertThat(goOn.getAsBoolean()).isTrue();
            }
            assertThat(source.lastHeartbeat()).isAfter(before);
            return new CommitReader.Interrupted();
        });
        String commit = repo.write("kafka.yaml", "kafka 3").commit("First");

        source.start();

        awaitStore(() -> source.state().fetchFailure().isPresent() || calls.get() > 1);
        assertThat(source.state().fetchFailure().map(GitState.Failure::what).orElse(""))
                .contains("timed out after 60 s");
        awaitCommit(commit);
        assertThat(store.get(id("kafka"))).isPresent();
    }

    @Test
    void tooManyEnsemblesAreReportedAndChangeNothing() {
        source.close();
        source = source(repo.url(), (files, goOn) -> new CommitReader.TooLarge("more than 2000 ensembles"));
        repo.write("kafka.yaml", "kafka 3").commit("First");

        source.start();

        awaitStore(() -> source.state().fetchFailure().isPresent());
        assertThat(source.state().fetchFailure().orElseThrow().what())
                .contains("exceeds a limit: it has more than 2000 ensembles");
        assertThat(store.writes()).isEmpty();
    }

    @Test
    void gitStatusShowsCommitAndTimes() {
        String commit = repo.write("kafka.yaml", "kafka 3\nnonsense").commit("First\n\nBody");
        source.start();
        awaitCommit(commit);

        GitState state = source.state();
        assertThat(state.url()).isEqualTo(repo.url());
        assertThat(state.reference().text()).isEqualTo("branch \"main\"");
        assertThat(state.commit().orElseThrow().message()).isEqualTo("First");
        assertThat(state.lastSuccess().orElseThrow()).isAfter(Instant.now().minusSeconds(60));
        assertThat(state.fetchFailure()).isEmpty();
        assertThat(state.violations()).containsExactly(new Violation("kafka.yaml", 2, 1, "", "nonsense"));
        assertThat(state.files()).containsExactly(new GitState.File("kafka.yaml", List.of(id("kafka")), 1));
        assertThat(state.ensembles())
                .singleElement()
                .satisfies(one -> assertThat(one.source().state()).isEqualTo("Synced"));
    }

    @Test
    void anInvalidFileHoldsItsOwnEnsembleOnly() {
        repo.write("kafka.yaml", "kafka 3").write("solr.yaml", "solr 3").commit("First");
        start();
        String bad =
                repo.write("kafka.yaml", "broken").write("solr.yaml", "solr 5").commit("Bad");

        source.fetchNow();
        awaitCommit(bad);

        assertThat(store.source("kafka").orElseThrow().state()).isEqualTo("Held");
        assertThat(store.source("kafka").orElseThrow().message()).contains("kafka.yaml:1:1: broken");
        assertThat(store.get(id("solr")).orElseThrow().spec().voters()).isEqualTo(5);
    }

    @Test
    void aSpecThatTheStoreRefusesHoldsItsOwnEnsembleOnlyAndSaysWhy() {
        // Given two ensembles, one of which the store refuses to change
        String first =
                repo.write("kafka.yaml", "kafka 3").write("solr.yaml", "solr 3").commit("First");
        start();
        store.refuse(id("kafka"), "spec.storage.size: volumes cannot shrink");
        // When both are changed
        String second =
                repo.write("kafka.yaml", "kafka 5").write("solr.yaml", "solr 5").commit("Second");
        source.fetchNow();
        awaitCommit(second);
        // Then that one stays at its commit, and reports why; the other one follows
        SourceStatus held = store.source("kafka").orElseThrow();
        assertThat(held.state()).isEqualTo("Held");
        assertThat(held.commit()).isEqualTo(first);
        assertThat(held.message()).contains("kafka.yaml", "volumes cannot shrink");
        assertThat(store.get(id("kafka")).orElseThrow().spec().voters()).isEqualTo(3);
        assertThat(store.get(id("solr")).orElseThrow().spec().voters()).isEqualTo(5);
        // When the file has its old content, then the ensemble is synced again
        store.repair();
        String third = repo.write("kafka.yaml", "kafka 3").commit("Third");
        source.fetchNow();
        awaitCommit(third);
        assertThat(store.source("kafka")).contains(synced(first, "kafka.yaml"));
    }

    @Test
    void aRemovedFileOrphansOrRemovesAsItsSpecSaid() {
        repo.write("keep.yaml", "keep 3")
                .write("drop.yaml", "drop 3 Delete")
                .write("rest.yaml", "rest 3")
                .commit("First");
        start();

        for (String file : List.of("keep.yaml", "drop.yaml")) {
            String removed = repo.delete(file).commit("Remove " + file);
            source.fetchNow();
            awaitCommit(removed);
        }

        assertThat(store.source("keep").orElseThrow().state()).isEqualTo("Orphaned");
        assertThat(store.get(id("drop"))).isEmpty();
        assertThat(source.state().ensembles()).extracting(GitState.Ensemble::id).doesNotContain(id("drop"));
    }

    @Test
    void anEmptiedRepositoryRemovesNothing() {
        repo.write("drop.yaml", "drop 3 Delete").commit("First");
        start();
        String emptied = repo.delete("drop.yaml").commit("Empty");

        source.fetchNow();
        awaitCommit(emptied);

        assertThat(store.source("drop").orElseThrow().state()).isEqualTo("Orphaned");
    }

    @Test
    void aVanishedBranchChangesNothingAndSaysSinceWhen() throws IOException {
        String commit = repo.write("kafka.yaml", "kafka 3").commit("First");
        start();
        repo.deleteBranch("main");

        source.fetchNow();
        await(state -> state.fetchFailure().isPresent());
        source.fetchNow();
        await(state -> state.failuresInARow() >= 2);

        GitState state = source.state();
        assertThat(state.fetchFailure().orElseThrow().what()).contains("Branch \"main\" not found");
        assertThat(state.fetchFailure().orElseThrow().since())
                .isBefore(state.lastAttempt().orElseThrow());
        assertThat(state.commit().orElseThrow().id()).isEqualTo(commit);
        assertThat(store.writes()).containsExactly("accept ns/kafka");

        repo.force("main", commit);
        source.fetchNow();
        await(now -> now.fetchFailure().isEmpty() && now.failuresInARow() == 0);
    }

    @Test
    void anEditedOrDeletedResourceIsPutBackWhileGitIsAway() throws IOException {
        repo.write("kafka.yaml", "kafka 3").write("solr.yaml", "solr 3").commit("First");
        start();
        repo.deleteBranch("main");
        store.edit(id("kafka"), spec(7, DeletionPolicy.Orphan));
        store.remove(id("solr"), null);

        source.resync();

        awaitStore(() -> store.get(id("solr")).isPresent());
        assertThat(store.get(id("kafka")).orElseThrow().spec().voters()).isEqualTo(3);
    }

    @Test
    void aResyncOfASettledStoreWritesNothing() throws InterruptedException {
        repo.write("kafka.yaml", "kafka 3").commit("First");
        start();

        source.resync();
        source.fetchNow();
        Thread.sleep(1_500);

        assertThat(store.writes()).containsExactly("accept ns/kafka");
    }

    @Test
    void ensembleThatTheStoreRejectsIsRetriedAndDelaysNoOther() {
        store.breakFor(id("kafka"));
        repo.write("kafka.yaml", "kafka 3").write("solr.yaml", "solr 3").commit("First");
        source.start();

        await(state -> state.storeFailure().isPresent());
        assertThat(store.get(id("solr"))).isPresent();
        assertThat(source.state().storeFailure().orElseThrow().what()).contains("ns/kafka", "conflict");
        assertThat(source.state().ensembles())
                .filteredOn(one -> one.id().equals(id("kafka")))
                .singleElement()
                .satisfies(one -> assertThat(one.storeFailure())
                        .hasValueSatisfying(why -> assertThat(why).contains("conflict")));

        store.repair();

        await(state -> state.storeFailure().isEmpty());
        assertThat(store.get(id("kafka"))).isPresent();
    }

    @Test
    void aStoreThatIsDownIsReportedAndTriedAgain() {
        store.goDown();
        repo.write("kafka.yaml", "kafka 3").commit("First");
        source.start();
        await(state -> state.storeFailure()
                .filter(one -> one.what().contains("no answer from the API server"))
                .isPresent());

        store.repair();

        awaitStore(() -> store.get(id("kafka")).isPresent());
    }

    @Test
    void aParserThatBreaksIsReportedAndTheLoopGoesOn() {
        source.close();
        Set<String> broken = new HashSet<>(Set.of("once"));
        source = source(repo.url(), files -> {
            if (broken.remove("once")) {
                throw new IllegalStateException("parser broke");
            }
            return parse(files);
        });
        String commit = repo.write("kafka.yaml", "kafka 3").commit("First");
        source.start();

        await(state -> state.fetchFailure()
                .filter(one -> one.what().contains("parser broke"))
                .isPresent());
        awaitCommit(commit);

        assertThat(store.get(id("kafka"))).isPresent();
    }

    @Test
    void hangingServerStopsNeitherTheHeartbeatNorTheShutdown() throws Exception {
        source.close();
        Set<Thread> ofOthers = Thread.getAllStackTraces().keySet();
        repo.write("kafka.yaml", "kafka 3").commit("First");
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            server.behave(GitHttpServer.Behaviour.HANG_BEFORE_HEADERS);
            source = source(server.url("config.git"), GitSourceTest::parse);
            source.start();
            await(state -> server.requests() > 0);
            Instant later = Instant.now().plusSeconds(2);
            awaitStore(() -> source.lastHeartbeat().isAfter(later));

            long started = System.nanoTime();
            source.close();

            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(15));
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !ofOthers.contains(thread))
                    .extracting(Thread::getName)
                    .doesNotContain("git-source");
        }
    }

    private void start() {
        source.start();
        await(state -> !state.ensembles().isEmpty());
    }

    /** Waits until the store has the commit. */
    private void awaitCommit(String commit) {
        await(state -> state.storedCommit().filter(commit::equals).isPresent());
    }

    private void await(Predicate<GitState> reached) {
        awaitStore(() -> reached.test(source.state()));
    }

    private void awaitStore(BooleanSupplier reached) {
        Instant end = Instant.now().plus(TIMEOUT);
        while (!reached.getAsBoolean()) {
            assertThat(Instant.now())
                    .as(() -> "in time; state " + source.state())
                    .isBefore(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private GitSource source(String url, Function<List<SourceFile>, ParsedCommit> reader) {
        return source(url, (files, goOn) -> new CommitReader.Complete(reader.apply(files)));
    }

    private GitSource source(String url, GitSource.Parser parser) {
        GitSettings settings = new GitSettings(
                RemoteUrl.of(url),
                "main",
                "",
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                GitSettings.Files.none(),
                directory.resolve("cache"));
        return new GitSource(settings, "here", record, parser, store, Clock.systemUTC());
    }

    private static ParsedCommit parse(List<SourceFile> files) {
        List<Found> found = new ArrayList<>();
        List<Violation> violations = new ArrayList<>();
        Set<String> invalid = new HashSet<>();
        for (SourceFile file : files) {
            List<String> lines = file.text().lines().toList();
            for (int line = 0; line < lines.size(); line++) {
                String[] words = lines.get(line).split(" ", -1);
                if (words.length < 2) {
                    violations.add(new Violation(file.path(), line + 1, 1, "", lines.get(line)));
                    invalid.add(file.path());
                } else {
                    DeletionPolicy deletionPolicy =
                            words.length > 2 ? DeletionPolicy.valueOf(words[2]) : DeletionPolicy.Orphan;
                    found.add(new Found(
                            resource(words[0], spec(Integer.parseInt(words[1]), deletionPolicy)), file.path()));
                }
            }
        }
        Map<String, Boolean> contents = files.stream()
                .collect(Collectors.toMap(SourceFile::path, file -> !file.text().isBlank()));
        return new ParsedCommit(found, violations, Set.of(), invalid, List.of(), contents);
    }

    private static ZooKeeperEnsemble resource(String name, EnsembleSpec spec) {
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.getMetadata().setNamespace("ns");
        resource.getMetadata().setName(name);
        resource.setSpec(spec);
        return resource;
    }

    private static EnsembleSpec spec(int voters, DeletionPolicy deletionPolicy) {
        return SpecBuilder.voters(voters).deletionPolicy(deletionPolicy).build();
    }

    private SourceStatus synced(String commit, String path) {
        return new SourceStatus(commit, path, "Synced", null, repo.url().replaceFirst("\\.git$", "?ref=main"), "here");
    }

    private static EnsembleId id(String name) {
        return new EnsembleId("ns", name);
    }
}
