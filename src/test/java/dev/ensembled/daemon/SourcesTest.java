package dev.ensembled.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.git.ConfigRepo;
import dev.ensembled.git.GitState;
import dev.ensembled.local.store.LocalStore;
import dev.ensembled.planner.PlannedSource;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several sources of one daemon: with real repositories, the file that configures them, and the store of the local platform. */
@Timeout(120)
class SourcesTest {
    private static final EnsembleId KAFKA = new EnsembleId("prod", "kafka");
    private static final EnsembleId SOLR = new EnsembleId("search", "solr");

    @TempDir
    Path directory;

    private final Map<String, String> entries = new LinkedHashMap<>();
    private final List<ConfigRepo> repositories = new ArrayList<>();
    private LocalStore store;
    private Sources sources;
    private ConfigRepo main;
    private ConfigRepo team;

    @BeforeEach
    void createRepositories() throws IOException {
        store = new LocalStore(directory.resolve("state"), Clock.systemUTC());
        main = repository("main");
        team = repository("team");
        configure("main", main, "");
        configure("team", team, "");
    }

    @AfterEach
    void close() {
        if (sources != null) {
            sources.close();
        }
        repositories.forEach(ConfigRepo::close);
    }

    @Test
    void eachSourceAcceptsItsOwnEnsembles() throws Exception {
        main.write("kafka.yaml", ensemble(KAFKA, 3)).commit("First");
        team.write("solr.yaml", ensemble(SOLR, 3)).commit("First");

        start();

        awaitVoters(KAFKA, 3);
        awaitVoters(SOLR, 3);
        assertThat(source(KAFKA).installation()).isEqualTo("here/main");
        assertThat(source(SOLR).installation()).isEqualTo("here/team");
        assertThat(sources.states()).containsOnlyKeys("main", "team");
    }

    @Test
    void failingSourceDoesNotStopTheOther() throws Exception {
        main.write("kafka.yaml", ensemble(KAFKA, 3)).commit("First");
        entry("team", "uri: \"file://" + directory.resolve("absent.git") + "\"");

        start();

        awaitVoters(KAFKA, 3);
        await().until(() -> state("team").fetchFailure().isPresent());
        main.write("kafka.yaml", ensemble(KAFKA, 5)).commit("Second");
        sources.names().forEach(sources::fetchNow);
        awaitVoters(KAFKA, 5);
        assertThat(state("main").fetchFailure()).isEmpty();
    }

    @Test
    void ensembleOfTwoSourcesIsRefusedOnBothSides() throws Exception {
        main.write("kafka.yaml", ensemble(KAFKA, 3)).commit("First");
        team.write("solr.yaml", ensemble(SOLR, 3)).commit("First");
        start();
        awaitVoters(KAFKA, 3);

        team.write("mine/kafka.yaml", ensemble(KAFKA, 5)).commit("Second");
        sources.names().forEach(sources::fetchNow);

        awaitState(KAFKA, "Held");
        await().until(() -> !state("team").violations().isEmpty());
        assertThat(source(KAFKA).message())
                .contains("the source main, kafka.yaml of", "the source team, mine/kafka.yaml of");
        assertThat(messages("main")).contains("kafka.yaml", "mine/kafka.yaml", main(), team());
        assertThat(messages("team")).contains("mine/kafka.yaml", "source main, kafka.yaml", main(), team());
        main.write("kafka.yaml", ensemble(KAFKA, 7)).commit("Refused");
        sources.names().forEach(sources::fetchNow);
        awaitCommit("main", main.head("main"));
        assertThat(voters(KAFKA)).isEqualTo(3);

        // When one of them withdraws
        team.delete("mine/kafka.yaml").commit("Third");
        sources.names().forEach(sources::fetchNow);

        awaitVoters(KAFKA, 7);
        awaitState(KAFKA, "Synced");
        await().until(() -> state("main").violations().isEmpty()
                && state("team").violations().isEmpty());
    }

    @Test
    void ensembleMovesToAnotherSourceWithoutBeingRemoved() throws Exception {
        main.write("kafka.yaml", ensemble(KAFKA, 3))
                .write("other.yaml", ensemble(SOLR, 3))
                .commit("First");
        team.write("README.md", "nothing yet").commit("First");
        start();
        awaitVoters(KAFKA, 3);
        team.write("kafka.yaml", ensemble(KAFKA, 5)).commit("Second");
        sources.names().forEach(sources::fetchNow);
        awaitState(KAFKA, "Held");

        main.delete("kafka.yaml").commit("Second");
        sources.names().forEach(sources::fetchNow);

        awaitVoters(KAFKA, 5);
        awaitState(KAFKA, "Synced");
        assertThat(source(KAFKA).installation()).isEqualTo("here/team");
        assertThat(store.removed()).isEmpty();
    }

    @Test
    void removedSourceAndChangedUrlRemoveNothing() throws Exception {
        main.write("kafka.yaml", ensemble(KAFKA, 3)).commit("First");
        team.write("solr.yaml", ensemble(SOLR, 3)).commit("First");
        start();
        awaitVoters(KAFKA, 3);
        awaitVoters(SOLR, 3);

        // When one source is removed, and the other one follows another repository
        ConfigRepo next = repository("next");
        String first =
                next.write("x.yaml", ensemble(new EnsembleId("prod", "x"), 3)).commit("First");
        entries.remove("team");
        configure("main", next, "");
        restart();
        awaitCommit("main", first);

        assertThat(store.removed()).isEmpty();
        assertThat(voters(KAFKA)).isEqualTo(3);
        assertThat(voters(SOLR)).isEqualTo(3);
        assertThat(source(KAFKA).message()).contains(main(), next.url().replaceFirst("\\.git$", ""));
        assertThat(source(SOLR).message()).contains(team(), "a source that ensembled does not follow any longer");

        // When both are configured as before
        configure("main", main, "");
        configure("team", team, "");
        restart();

        awaitState(KAFKA, "Synced");
        awaitState(SOLR, "Synced");
    }

    @Test
    void documentOutsideOfTheNamespacesIsAViolation() throws Exception {
        configure("team", team, "namespaces: [search, test]");
        main.write("README.md", "nothing").commit("First");
        team.write("solr.yaml", ensemble(SOLR, 3))
                .write("kafka.yaml", ensemble(KAFKA, 3))
                .commit("First");

        start();

        awaitVoters(SOLR, 3);
        assertThat(store.get(KAFKA)).isEmpty();
        assertThat(messages("team"))
                .isEqualTo("kafka.yaml:3:36: metadata.namespace: the source team may touch only the namespaces"
                        + " [search, test], not prod: move the ensemble, or list the namespace for the source"
                        + " (namespaces in ENSEMBLED_SOURCES)");
        assertThat(sources.planned()).extracting(PlannedSource::directory).containsExactly("", "");
    }

    @Test
    void ensembleInANamespaceThatIsNoLongerAllowedIsKept() throws Exception {
        main.write("README.md", "nothing").commit("First");
        team.write("kafka.yaml", ensemble(KAFKA, 3))
                .write("solr.yaml", ensemble(SOLR, 3))
                .commit("First");
        start();
        awaitVoters(KAFKA, 3);

        configure("team", team, "namespaces: [search]");
        restart();

        awaitState(KAFKA, "Held");
        assertThat(source(KAFKA).message()).contains("the source team may touch only the namespaces [search]");
        team.delete("kafka.yaml").commit("Second");
        sources.names().forEach(sources::fetchNow);
        awaitState(KAFKA, "Orphaned");
        assertThat(source(KAFKA).message()).contains("the source team may not touch the namespace prod");
        assertThat(store.removed()).isEmpty();
    }

    @Test
    void historyOfEachSourceIsOnRecord() throws Exception {
        String before = team.write("solr.yaml", ensemble(SOLR, 3)).commit("First");
        team.write("solr.yaml", ensemble(SOLR, 5)).commit("Second");
        main.write("kafka.yaml", ensemble(KAFKA, 3)).commit("First");
        start();
        awaitVoters(SOLR, 5);
        awaitVoters(KAFKA, 3);
        team.force("main", before);

        restart();

        await().until(() -> state("team").fetchFailure().isPresent());
        assertThat(state("team").fetchFailure().orElseThrow().what()).contains("The history was rewritten");
        awaitCommit("main", main.head("main"));
        assertThat(voters(SOLR)).isEqualTo(5);
    }

    @Test
    void fetchIsRequestedFromOneSourceOrFromAll() throws Exception {
        main.write("kafka.yaml", ensemble(KAFKA, 3)).commit("First");
        team.write("solr.yaml", ensemble(SOLR, 3)).commit("First");
        start();
        awaitVoters(KAFKA, 3);
        awaitVoters(SOLR, 3);
        String first = main.head("main");
        String second = main.write("kafka.yaml", ensemble(KAFKA, 5)).commit("Second");
        team.write("solr.yaml", ensemble(SOLR, 5)).commit("Second");

        sources.fetchNow("team");
        sources.fetchNow("absent");

        awaitVoters(SOLR, 5);
        assertThat(state("main").commit().orElseThrow().id()).isEqualTo(first);
        sources.names().forEach(sources::fetchNow);
        awaitCommit("main", second);
        assertThat(sources.follows("team", "refs/heads/main")).isTrue();
        assertThat(sources.follows("team", "refs/heads/other")).isFalse();
        assertThat(sources.follows("absent", "refs/heads/main")).isFalse();
    }

    private void start() throws IOException {
        Path file = directory.resolve("sources.yaml");
        Files.writeString(file, entries.values().stream().collect(Collectors.joining()));
        Settings settings = TestSettings.of(
                Map.of(
                        "ENSEMBLED_INSTALLATION",
                        "here",
                        "ENSEMBLED_GIT_CACHE",
                        directory.resolve("cache").toString()),
                file);
        PlatformRuntime runtime = new StubRuntime(store, null, source -> HistoryInFile.in(directory, source));
        sources = new Sources(SourceList.of(settings), settings, runtime, runtime.store(), Clock.systemUTC());
        sources.start();
    }

    private void restart() throws IOException {
        sources.close();
        start();
    }

    private ConfigRepo repository(String name) throws IOException {
        ConfigRepo repository = new ConfigRepo(directory.resolve(name + ".git"));
        repositories.add(repository);
        return repository;
    }

    private void configure(String name, ConfigRepo repository, String more) {
        entry(name, "uri: \"" + repository.url() + "\"" + (more.isEmpty() ? "" : ", " + more));
    }

    private void entry(String name, String fields) {
        entries.put(name, "- {name: " + name + ", interval: 10m, " + fields + "}\n");
    }

    private static String ensemble(EnsembleId id, int voters) {
        return """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata: {name: %s, namespace: %s}
                spec: {version: 3.9.5, voters: %d, deletionPolicy: Delete}
                """
                .formatted(id.name(), id.namespace(), voters);
    }

    private String main() {
        return main.url().replaceFirst("\\.git$", "?ref=main");
    }

    private String team() {
        return team.url().replaceFirst("\\.git$", "?ref=main");
    }

    private GitState state(String name) {
        return sources.states().get(name);
    }

    private String messages(String name) {
        return state(name).violations().stream().map(Violation::toString).collect(Collectors.joining("\n"));
    }

    private int voters(EnsembleId id) {
        return store.get(id).map(Accepted::spec).map(spec -> spec.voters()).orElse(0);
    }

    private SourceStatus source(EnsembleId id) {
        return store.get(id).flatMap(Accepted::source).orElseThrow();
    }

    private void awaitVoters(EnsembleId id, int voters) {
        await().atMost(Duration.ofSeconds(30)).until(() -> voters(id) == voters);
    }

    private void awaitState(EnsembleId id, String state) {
        await().atMost(Duration.ofSeconds(30)).until(() -> source(id).state().equals(state));
    }

    private void awaitCommit(String name, String commit) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> state(name).storedCommit().filter(commit::equals).isPresent());
    }
}
