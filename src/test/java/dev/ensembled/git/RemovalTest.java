package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.git.reference.Branch;
import dev.ensembled.git.reference.FixedCommit;
import dev.ensembled.git.reference.Reference;
import dev.ensembled.git.reference.Tag;
import dev.ensembled.git.reference.VersionRange;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.git.settings.SignaturePolicy;
import dev.ensembled.git.tree.CommitFiles;
import dev.ensembled.local.store.LocalStore;
import dev.ensembled.reconciler.accept.Acceptance;
import dev.ensembled.reconciler.accept.AcceptanceResult;
import dev.ensembled.reconciler.accept.Origin;
import dev.ensembled.reconciler.accept.StoredEnsemble;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jgit.util.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * When an ensemble with {@code deletionPolicy: Delete} is removed and when it is not: with real repositories, the real
 * reader of specs and the store of the local platform.
 */
@Timeout(60)
class RemovalTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final EnsembleId KAFKA = new EnsembleId("prod", "kafka");
    private static final String FILE = "teams/kafka.yaml";
    private static final String SPEC = ensemble("kafka");

    private static final String DEFINITION =
            """
            kind: CustomResourceDefinition
            # kafka
            spec:
              names: {kind: ZooKeeperEnsemble}
              description: for kafka
            """;

    @TempDir
    Path directory;

    private final List<GitSource> sources = new ArrayList<>();
    private final Set<GitSource> started = new HashSet<>();
    private Optional<GitHttpServer> server = Optional.empty();
    private LocalStore store;
    private ConfigRepo repo;

    @BeforeEach
    void acceptTwo() throws IOException {
        store = new LocalStore(directory.resolve("state"), Clock.systemUTC());
        repo = repository("config");
        repo.write(FILE, SPEC).write("solr.yaml", ensemble("solr"));
    }

    @AfterEach
    void close() {
        sources.forEach(GitSource::close);
        server.ifPresent(GitHttpServer::close);
        repo.close();
    }

    static Stream<Arguments> wrapped() {
        String list = "apiVersion: v1\nkind: List\nitems:\n" + SPEC.indent(2).replaceFirst("^  ", "- ");
        return Stream.of(
                stays(
                        "a Git LFS pointer",
                        FILE,
                        in(FILE, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7\nsize 1\n")),
                stays("no namespace", FILE, in(FILE, SPEC.replace(", namespace: prod", ""))),
                stays(
                        "no namespace, in another file",
                        "new.yaml",
                        to("new.yaml", SPEC.replace(", namespace: prod", ""))),
                stays("another name", FILE, in(FILE, ensemble("kafka2"))),
                stays("a backup", "teams/kafka.yaml.bak", to("teams/kafka.yaml.bak", SPEC)),
                stays("a text file", "teams/kafka.txt", to("teams/kafka.txt", SPEC)),
                stays("a template", "kafka.tpl", to("kafka.tpl", SPEC.replace("kafka", "{{ .Values.name }}"))),
                stays("JSON", "teams/kafka.json", to("teams/kafka.json", json("\""))),
                stays("JSON in a string of JSON", "all.json", to("all.json", "{\"text\": \"" + json("\\\"") + "\"}")),
                stays("a hidden file", "teams/.kafka.yaml", to("teams/.kafka.yaml", SPEC)),
                stays("a hidden directory", ".archive/old.yaml", to(".archive/old.yaml", SPEC)),
                stays("no extension", "teams/kafka", to("teams/kafka", SPEC.replace("\n", "\r\n"))),
                stays("a list", FILE, in(FILE, list)),
                stays("a list elsewhere", "list.yaml", to("list.yaml", list)),
                stays("a YAML list", "list.yaml", to("list.yaml", SPEC.indent(2).replaceFirst("^  ", "- "))),
                stays("a ConfigMap", FILE, in(FILE, configMap())),
                stays("a ConfigMap elsewhere", "map.yaml", to("map.yaml", configMap())),
                stays(
                        "a patch",
                        "patch.yaml",
                        to("patch.yaml", SPEC.replaceFirst("(?s)spec:.*", "spec: {voters: 5}\n"))),
                stays("Helm", FILE, in(FILE, "{{- if .Values.kafka }}\n" + SPEC + "{{- end }}\n")),
                stays("Helm elsewhere", "chart/zk.yaml", to("chart/zk.yaml", "{{ if .on }}\n" + SPEC + "{{ end }}\n")),
                stays("SOPS", FILE, in(FILE, sops())),
                stays("SOPS elsewhere", "teams/kafka.enc.yaml", to("teams/kafka.enc.yaml", sops())),
                stays(
                        "comments",
                        FILE,
                        in(FILE, SPEC.indent(1).replace("\n ", "\n# ").replaceFirst("^ ", "# "))),
                stays("a comment in another ensemble", "solr.yaml", to("solr.yaml", ensemble("solr") + commented())),
                stays("the kind only", FILE, in(FILE, "kind: Kafka\n")),
                stays("a symbolic link", FILE, files -> files.link(FILE, "../shared/kafka.yaml")),
                stays("a submodule", FILE, files -> files.submodule(FILE)),
                stays("a file in place of its directory", "teams", gone().andThen(files -> files.write("teams", "x"))),
                stays("a dead link in place of it", "teams", gone().andThen(files -> files.link("teams", "/nowhere"))),
                stays("too large", FILE, in(FILE, SPEC + "#".repeat(300_000))),
                stays("too large elsewhere", "big.yaml", to("big.yaml", SPEC + "#".repeat(300_000))),
                stays("UTF-16", FILE, files -> files.write(FILE, SPEC.getBytes(StandardCharsets.UTF_16))),
                stays(
                        "UTF-16 elsewhere",
                        "kafka.txt",
                        gone().andThen(files -> files.write("kafka.txt", SPEC.getBytes(StandardCharsets.UTF_16)))),
                stays(
                        "gzip",
                        "teams/kafka.yaml.gz",
                        gone().andThen(files -> files.write("teams/kafka.yaml.gz", gzip(SPEC)))),
                stays("tabs", FILE, in(FILE, SPEC.replace("  voters", "\tvoters"))),
                stays("no separator", FILE, in(FILE, "kind: ConfigMap\n" + SPEC)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrapped")
    void ensembleInsideAnyWrapperIsHeldAndNamed(String what, String file, Consumer<ConfigRepo> change)
            throws Exception {
        // Given
        repo.commit("First");
        assertThat(probe()).isEmpty();
        // When
        change.accept(repo);
        repo.commit(what);
        List<Violation> violations = probe();
        // Then
        assertThat(kafka()).isPresent();
        assertThat(standing()).as(() -> kafka().toString()).isIn("Held", "Orphaned");
        assertThat(violations).extracting(Violation::file).contains(file);
        assertThat(kafka().orElseThrow().source().orElseThrow().message()).contains(file);
        // And it stays so when the same commit is read again
        assertThat(probe()).isEqualTo(violations);
        assertThat(kafka()).isPresent();
        // When it is really removed, then the ensemble is removed
        repo.reset().write("solr.yaml", ensemble("solr")).commit("Remove");
        assertThat(probe()).isEmpty();
        assertThat(kafka()).isEmpty();
    }

    static Stream<Arguments> moved() {
        return Stream.of(
                arguments("upper case", gone().andThen(files -> files.write("teams/KAFKA.YAML", SPEC))),
                arguments("mixed case", gone().andThen(files -> files.write("other/kafka.Yml", SPEC))),
                arguments("a byte order mark", in(FILE, "\uFEFF" + SPEC)),
                arguments("Windows' line ends", in(FILE, SPEC.replace("\n", "\r\n"))),
                arguments("JSON in YAML", in(FILE, json("\""))),
                arguments("a directory of that name", gone().andThen(files -> files.write(FILE + "/kafka.yaml", SPEC))),
                arguments(
                        "another document",
                        gone().andThen(files -> files.write("solr.yaml", ensemble("solr") + "---\n" + SPEC))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("moved")
    void definedEnsembleIsSynced(String what, Consumer<ConfigRepo> change) throws Exception {
        repo.commit("First");
        probe();

        change.accept(repo);
        repo.commit(what);

        assertThat(probe()).isEmpty();
        assertThat(standing()).isEqualTo("Synced");
    }

    static Stream<Arguments> beside() {
        return Stream.of(
                arguments("nothing", "other.txt", "kafka"),
                arguments("another ensemble's example", "README.md", "```\n" + ensemble("example") + "```\n"),
                arguments("the definition", "crd.yaml", DEFINITION),
                arguments(
                        "rights",
                        "role.yaml",
                        "kind: Role\nmetadata: {name: kafka}\nrules: [{apiGroups: [ensembled.dev]}]\n"),
                arguments("broken YAML", "kafka.yaml", "kafka: {{ .Values.kafka }}\n  - !vault x\n\tz"),
                arguments("a picture", "docs/kafka.png", "\u0000\u0001\u0089PNG"),
                arguments(
                        "a pointer of another file",
                        "dashboards.yaml",
                        "version https://git-lfs.github.com/spec/v1\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beside")
    void missingEnsembleIsRemovedWhateverElseExists(String what, String file, String text) throws Exception {
        repo.commit("First");
        probe();

        repo.delete(FILE).write(file, text).commit(what);

        assertThat(probe()).isEmpty();
        assertThat(kafka()).isEmpty();
    }

    @Test
    void anEmptiedFileLeavesAnOrphanAndARemovedOneRemoves() throws Exception {
        repo.commit("First");
        probe();

        repo.write(FILE, "\n").commit("Empty");
        probe();
        assertThat(standing()).isEqualTo("Orphaned");
        assertThat(kafka().orElseThrow().source().orElseThrow().message()).contains("the file is empty");

        repo.delete(FILE).commit("Remove");
        probe();
        assertThat(kafka()).isEmpty();
    }

    @Test
    void aCloneThatWasLostIsFetchedAgainBeforeAnythingIsRemoved() throws Exception {
        // Given an ensemble whose file is gone, while the partial clone is missing
        GitCommand.git(repo.directory(), "config", "uploadpack.allowFilter", "true");
        server = Optional.of(GitHttpServer.http(directory));
        String url = server.get().url(directory.relativize(repo.directory()).toString());
        GitSource source = follow(settings(url, "", "main", directory.resolve("cache0")), "here");
        settle(source, repo.commit("First"));
        Accepted kafka = kafka().orElseThrow();
        settle(source, repo.delete(FILE).commit("Remove"));
        assertThat(kafka()).isEmpty();
        FileUtils.delete(directory.resolve("cache0/clone.git").toFile(), FileUtils.RECURSIVE);
        ZooKeeperEnsemble again = new ZooKeeperEnsemble();
        again.getMetadata().setNamespace(KAFKA.namespace());
        again.getMetadata().setName(KAFKA.name());
        again.setSpec(kafka.spec());
        store.accept(again, kafka.source().orElseThrow());
        // When the source is read again
        source.resync();
        // Then the ensemble is removed after the commit was fetched again and searched
        await(source, () -> kafka().isEmpty());
        assertThat(directory.resolve("cache0/clone.git/objects/pack")).isNotEmptyDirectory();
    }

    @Test
    void changedSourceRemovesNothingWithoutAConfirmation() throws IOException {
        // Given
        GitSource first = follow(repo, "", "here");
        settle(first, repo.commit("First"));
        first.close();
        ConfigRepo other = repository("other");
        // When another repository is followed that defines only one of the two ensembles
        GitSource second = follow(other, "", "here");
        settle(second, other.write("solr.yaml", ensemble("solr")).commit("First"));
        // Then that ensemble is synced, and the other one waits for a confirmation with the reason
        assertThat(standing()).isEqualTo("RemovalPending");
        assertThat(kafka().orElseThrow().source().orElseThrow().message())
                .contains("config?ref=main", "other?ref=main");
        assertThat(origin("solr")).endsWith("other?ref=main");
        second.close();
        // When a branch, or a directory, of the first repository is followed that does not define it
        repo.write("dir/solr.yaml", ensemble("solr"))
                .delete("solr.yaml")
                .delete(FILE)
                .commit("develop", "Other", true);
        settle(follow(repo, "", "develop", "here"), head("develop"));
        assertThat(standing()).isEqualTo("RemovalPending");
        assertThat(kafka().orElseThrow().source().orElseThrow().message()).contains("?ref=develop");
        GitSource narrow = follow(repo, "dir", "develop", "here");
        settle(narrow, head("develop"));
        assertThat(kafka().orElseThrow().source().orElseThrow().message()).contains("//dir?ref=develop");
        // When the first repository is followed again, then the ensemble is synced, after a restart too
        sources.forEach(GitSource::close);
        repo.write(FILE, SPEC).write("solr.yaml", ensemble("solr")).delete("dir/solr.yaml");
        settle(follow(repo, "", "here"), repo.commit("Back"));
        assertThat(standing()).isEqualTo("Synced");
    }

    static Stream<Function<String, Reference>> otherReferences() {
        return Stream.of(
                commit -> new Tag("main"),
                commit -> new Tag("1.0.0"),
                commit -> new VersionRange("1.x"),
                FixedCommit::new,
                commit -> new Branch("old"));
    }

    /** The commit of the other reference has no such file, and the spec says that its ensemble is removed then. */
    @ParameterizedTest
    @MethodSource("otherReferences")
    void changeOfTheReferenceRemovesNothing(Function<String, Reference> reference) throws IOException {
        ConfigRepo other = repository("other");
        String without = other.write("solr.yaml", ensemble("solr")).commit("Without kafka");
        other.tag("main", without);
        other.tag("1.0.0", without);
        other.force("old", without);
        String with = other.write(FILE, SPEC).commit("With kafka");
        MemoryRecord record = new MemoryRecord();
        try (GitSource before = follow(settings(other, new Branch("main")), record)) {
            settle(before, with);
        }
        GitSource after = follow(settings(other, reference.apply(without)), record);

        settle(after, without);

        assertThat(standing()).isEqualTo("RemovalPending");
        assertThat(kafka().orElseThrow().source().orElseThrow().message()).contains("?ref=main");
        assertThat(record.id()).contains(without);
        other.close();
    }

    @Test
    void newVersionOfARangeRemovesWhatItNoLongerDefines() throws IOException {
        repo.tag("1.0.0", repo.commit("First"));
        GitSource source = follow(settings(repo, new VersionRange("1.x")), new MemoryRecord());
        settle(source, repo.head("main"));
        assertThat(kafka()).isPresent();

        repo.tag("1.1.0", repo.delete(FILE).commit("Without kafka"));
        settle(source, repo.head("main"));

        assertThat(kafka()).isEmpty();
    }

    private GitSettings settings(ConfigRepo from, Reference reference) {
        return new GitSettings(
                RemoteUrl.of(from.url()),
                reference,
                false,
                "",
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                GitSettings.Files.none(),
                directory.resolve("cache" + sources.size()),
                SignaturePolicy.none());
    }

    @Test
    void twoDaemonsWithTwoRepositoriesLeaveEachOthersEnsemblesAlone() throws IOException {
        // Given two daemons on one store
        ConfigRepo other = repository("other");
        GitSource mine = follow(repo, "", "here");
        GitSource theirs = follow(other, "", "there");
        settle(mine, repo.commit("First"));
        settle(theirs, other.write("hbase.yaml", ensemble("hbase")).commit("First"));
        SourceStatus before = kafka().orElseThrow().source().orElseThrow();
        // When both continue with their own ensembles, and each reads the store again
        settle(theirs, other.write("pinot.yaml", ensemble("pinot")).commit("More"));
        settle(mine, repo.write("README.md", "x").commit("More"));
        mine.resync();
        settleAgain(mine);
        // Then no ensemble was removed, orphaned or listed as the other's
        assertThat(kafka().orElseThrow().source()).contains(before);
        assertThat(store.list()).hasSize(4).allSatisfy(one -> assertThat(
                        one.source().orElseThrow().state())
                .isEqualTo("Synced"));
        assertThat(theirs.state().ensembles())
                .extracting(one -> one.id().name())
                .containsExactly("hbase", "pinot");
        // And each removes its own ensemble
        settle(theirs, other.delete("pinot.yaml").commit("Less"));
        assertThat(store.list()).hasSize(3);
    }

    @Test
    void ensembleMovesBetweenDaemonsWithoutARestart() throws IOException {
        // Given an ensemble that two daemons define
        ConfigRepo other = repository("other");
        GitSource mine = follow(repo, "", "here");
        settle(mine, repo.commit("First"));
        GitSource theirs = follow(other, "", "there");
        other.write("k.yaml", SPEC).write("hbase.yaml", ensemble("hbase")).commit("First");
        await(theirs, () -> !theirs.state().violations().isEmpty());
        // Then the second daemon reports the owner and what to do, and continues with its other ensembles
        assertThat(theirs.state().violations().get(0).toString())
                .startsWith("k.yaml:1:1:")
                .contains("config?ref=main", "installation here", "deletionPolicy: Orphan");
        assertThat(origin("hbase")).endsWith("other?ref=main");
        assertThat(origin("kafka")).endsWith("config?ref=main");
        // When the first daemon gives the ensemble up as the message says
        settle(
                mine,
                repo.write(FILE, SPEC.replace("deletionPolicy: Delete", "deletionPolicy: Orphan"))
                        .commit("Keep"));
        settle(mine, repo.delete(FILE).commit("Hand over"));
        // Then the second daemon takes it over without a person
        await(theirs, () -> origin("kafka").endsWith("other?ref=main"));
        assertThat(standing()).isEqualTo("Synced");
        await(theirs, () -> theirs.state().violations().isEmpty());
        mine.resync();
        settleAgain(mine);
        assertThat(standing()).isEqualTo("Synced");
    }

    /** Processes a commit as the source does, without its pauses; returns all violations. */
    private List<Violation> probe() throws Exception {
        GitSettings settings = settings(repo.url(), "", "main", directory.resolve("cache"));
        GitRepository repository = new GitRepository(settings);
        CommitFiles snapshot = repository.fetch(() -> {});
        CommitContent reading = CommitContent.of(snapshot, new SpecReader("default", Set.of()).read(snapshot.files()));
        List<Accepted> accepted = store.list();
        Origin origin = new Origin(settings.origin(), "here");
        AcceptanceResult decided = Acceptance.decide(
                reading.toAccept(SourceScope.alone(origin)),
                reading.parsed(),
                accepted.stream()
                        .map(one -> new StoredEnsemble(
                                one.id(),
                                one.spec(),
                                one.source(),
                                one.edited(),
                                one.requests().confirmedRemoval()))
                        .toList(),
                new LeftoverSearch(settings, repository, snapshot.commit(), () -> {}));
        new StoreUpdate(store, origin, accepted).apply(decided.changes());
        return reading.with(decided.violations()).violations();
    }

    private Optional<Accepted> kafka() {
        return store.get(KAFKA);
    }

    private String standing() {
        return kafka().orElseThrow().source().orElseThrow().state();
    }

    private String origin(String name) {
        return store.get(new EnsembleId("prod", name))
                .flatMap(Accepted::source)
                .map(SourceStatus::origin)
                .orElse("");
    }

    private String head(String branch) {
        return repo.head(branch);
    }

    private ConfigRepo repository(String name) throws IOException {
        return new ConfigRepo(directory.resolve(name + ".git"));
    }

    private GitSource follow(ConfigRepo from, String path, String installation) {
        return follow(from, path, "main", installation);
    }

    private GitSource follow(ConfigRepo from, String path, String branch, String installation) {
        return follow(settings(from.url(), path, branch, directory.resolve("cache" + sources.size())), installation);
    }

    private GitSource follow(GitSettings settings, String installation) {
        return follow(settings, installation, AcceptedCommits.none());
    }

    private GitSource follow(GitSettings settings, AcceptedCommits accepted) {
        return follow(settings, "here", accepted);
    }

    private GitSource follow(GitSettings settings, String installation, AcceptedCommits accepted) {
        GitSource source = new GitSource(
                settings,
                installation,
                accepted,
                new CommitReader(new SpecReader("default", Set.of()))::read,
                store,
                Clock.systemUTC());
        sources.add(source);
        return source;
    }

    private static GitSettings settings(String url, String path, String branch, Path cache) {
        return new GitSettings(
                RemoteUrl.of(url),
                branch,
                path,
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                GitSettings.Files.none(),
                cache);
    }

    private void begin(GitSource source) {
        if (started.add(source)) {
            source.start();
        }
    }

    /** Starts the source if needed, and waits until the store has the commit. */
    private void settle(GitSource source, String commit) {
        begin(source);
        source.fetchNow();
        await(source, () -> source.state().storedCommit().filter(commit::equals).isPresent());
    }

    /** Waits after a resync, since nothing can be awaited when nothing changes. */
    private static void settleAgain(GitSource source) {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(source.state().storeFailure()).isEmpty();
    }

    private void await(GitSource source, BooleanSupplier reached) {
        begin(source);
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

    private static Arguments stays(String what, String file, Consumer<ConfigRepo> change) {
        return arguments(what, file, change);
    }

    private static Consumer<ConfigRepo> gone() {
        return files -> files.delete(FILE);
    }

    private static Consumer<ConfigRepo> in(String file, String text) {
        return files -> files.write(file, text);
    }

    private static Consumer<ConfigRepo> to(String file, String text) {
        return gone().andThen(in(file, text));
    }

    private static String ensemble(String name) {
        return """
                apiVersion: ensembled.dev/v1alpha1
                kind: ZooKeeperEnsemble
                metadata: {name: %s, namespace: prod}
                spec:
                  version: 3.9.5
                  voters: 3
                  deletionPolicy: Delete
                """
                .formatted(name);
    }

    private static String json(String quote) {
        return ("{'apiVersion':'ensembled.dev/v1alpha1','kind':'ZooKeeperEnsemble','metadata':{'name':'kafka',"
                        + "'namespace':'prod'},'spec':{'version':'3.9.5','voters':3,'deletionPolicy':'Delete'}}")
                .replace("'", quote);
    }

    private static String configMap() {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: later}\ndata:\n  kafka.yaml: |\n" + SPEC.indent(4);
    }

    private static String commented() {
        return "# ---\n" + SPEC.lines().map(line -> "# " + line + "\n").reduce("", String::concat);
    }

    private static String sops() {
        return "apiVersion: ENC[AES256_GCM,data:x]\nkind: ENC[AES256_GCM,data:y]\nsops: {mac: ENC[z]}\n";
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
