package dev.ensembled.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.local.LocalEnsemble;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.history.RecordedHold;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.stub.StatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreTest {
    private static final EnsembleId ID = new EnsembleId("streaming", "kafka.main");
    private static final SourceStatus FIRST =
            new SourceStatus("abc", "kafka.yaml", "Synced", null, "https://git/config?ref=main", "here");

    private static final History HISTORY = new History(List.of(new RecordedCommit(
            "abc",
            1,
            null,
            Instant.parse("2026-03-01T12:00:00Z"),
            null,
            List.of(),
            List.of(new RecordedHold("budget", "blocked", false, Instant.parse("2026-03-01T12:00:05Z"), null)))));

    @TempDir
    Path dir;

    private LocalStore store;

    @BeforeEach
    void open() {
        store = new LocalStore(dir, Clock.systemUTC());
    }

    @Test
    void acceptedAndReportedStateSurvivesARestart() {
        store.accept(resource(Map.of("tickTime", "1000", "syncLimit", "7")), FIRST);
        EnsembleStatus status = StatusBuilder.bootstrapped()
                .committed(2, "100000000", 1)
                .sanityTested("f00")
                .source(FIRST)
                .build();
        store.writeStatus(ID, EnsembleStatus.empty(), status);

        Accepted again = new LocalStore(dir, Clock.systemUTC()).get(ID).orElseThrow();

        assertThat(again.id()).isEqualTo(ID);
        assertThat(again.spec()).isEqualTo(LocalEnsemble.spec(3, 0, Map.of("syncLimit", "7", "tickTime", "1000")));
        assertThat(again.generation()).isEqualTo(1);
        assertThat(again.source()).contains(FIRST);
        assertThat(again.status()).isEqualTo(status);
        assertThat(again.edited()).isFalse();
        assertThat(new LocalStore(dir, Clock.systemUTC()).list()).containsExactly(again);
    }

    @Test
    void aFileOfAnOlderVersionIsReadWithoutAnOrigin() throws Exception {
        store.accept(resource(Map.of()), FIRST);
        Path file = dir.resolve("store/streaming.kafka.main.json");
        Files.writeString(
                file, Files.readString(file).replaceAll(",\\s*\"(origin|installation)\"\\s*:\\s*\"[^\"]*\"", ""));

        assertThat(store.get(ID).orElseThrow().source())
                .contains(new SourceStatus("abc", "kafka.yaml", "Synced", null));
    }

    @Test
    void theGenerationGrowsOnlyWithTheSpec() {
        store.accept(resource(Map.of("tickTime", "1000")), FIRST);
        store.accept(resource(Map.of("tickTime", "1000")), new SourceStatus("def", "kafka.yaml", "Synced", null));
        assertThat(store.get(ID).orElseThrow().generation()).isEqualTo(1);
        assertThat(store.get(ID).orElseThrow().source().orElseThrow().commit()).isEqualTo("def");

        store.accept(resource(Map.of("tickTime", "2000")), FIRST);
        assertThat(store.get(ID).orElseThrow().generation()).isEqualTo(2);
    }

    @Test
    void storeWritesNothingIfNothingDiffers() throws Exception {
        store.accept(resource(Map.of()), FIRST);
        store.writeStatus(ID, EnsembleStatus.empty(), EnsembleStatus.empty());
        Path file = dir.resolve("store/streaming.kafka.main.json");
        Object before = Files.readAttributes(file, "unix:ino").get("ino");

        store.accept(resource(Map.of()), FIRST);
        store.mark(ID, FIRST);
        store.writeStatus(ID, EnsembleStatus.empty(), EnsembleStatus.empty());

        assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(before);
    }

    @Test
    void aSpecThatSomebodyEditedIsNoticedAndPutBack() throws Exception {
        store.accept(resource(Map.of("tickTime", "1000")), FIRST);
        Path file = dir.resolve("store/streaming.kafka.main.json");
        Files.writeString(file, Files.readString(file).replace("\"1000\"", "\"9999\""));
        assertThat(store.get(ID).orElseThrow().edited()).isTrue();

        store.accept(resource(Map.of("tickTime", "1000")), FIRST);

        Accepted back = store.get(ID).orElseThrow();
        assertThat(back.edited()).isFalse();
        assertThat(back.spec().config()).containsEntry("tickTime", "1000");
        assertThat(back.generation()).isEqualTo(2);
    }

    @Test
    void aFileThatCannotBeReadHoldsOnlyItsOwnEnsembleAndIsKept() throws Exception {
        store.accept(resource(Map.of()), FIRST);
        Path broken = dir.resolve("store/streaming.broken.json");
        Files.writeString(broken, "{ not json");

        assertThat(store.list()).extracting(Accepted::id).containsExactly(ID);
        assertThatThrownBy(() -> store.get(new EnsembleId("streaming", "broken")))
                .isInstanceOf(RetryLaterException.class)
                .hasMessageContaining(broken.toString());
        assertThat(broken).hasContent("{ not json");
    }

    @Test
    void anEmptyOrForeignFileIsNoEnsembleAndIsNeverReplacedByAGuess() throws Exception {
        store.accept(resource(Map.of()), FIRST);
        Path file = dir.resolve("store/streaming.kafka.main.json");
        String good = Files.readString(file);
        Files.writeString(dir.resolve("store/streaming.other.json"), good);
        for (String content : List.of("{}", "", "null", good.substring(0, 40))) {
            Files.writeString(file, content);

            assertThat(store.list()).isEmpty();
            assertThat(store.unreadable()).containsExactlyInAnyOrder(ID, new EnsembleId("streaming", "other"));
            assertThatThrownBy(() -> store.get(ID))
                    .isInstanceOf(RetryLaterException.class)
                    .hasMessageContaining(file + " cannot be read")
                    .hasMessageContaining("Restore it from a backup");
            assertThatThrownBy(() -> store.accept(resource(Map.of()), FIRST)).isInstanceOf(RetryLaterException.class);
            assertThat(file).hasContent(content);
        }
        assertThat(store.removed()).isEmpty();
    }

    @Test
    void removedEnsemblesAreKnownToTheNextDaemonToo() throws Exception {
        store.accept(resource(Map.of()), FIRST);
        Files.delete(dir.resolve("store/streaming.kafka.main.json"));
        assertThat(store.removed()).isEmpty();

        store.accept(resource(Map.of()), FIRST);
        store.remove(ID, FIRST);
        LocalStore next = new LocalStore(dir, Clock.systemUTC());
        assertThat(next.list()).isEmpty();
        assertThat(next.removed()).containsExactly(ID);

        next.accept(resource(Map.of()), FIRST);
        assertThat(next.removed()).isEmpty();
    }

    @Test
    void storedEnsembleCanBeMarkedAndRemoved() {
        store.accept(resource(Map.of()), FIRST);
        SourceStatus orphaned = new SourceStatus("abc", "kafka.yaml", "Orphaned", "put the file back");
        store.mark(ID, orphaned);
        assertThat(store.get(ID).orElseThrow().source()).contains(orphaned);
        assertThat(store.get(ID).orElseThrow().generation()).isEqualTo(1);

        store.remove(ID, orphaned);
        assertThat(store.list()).isEmpty();
        store.writeStatus(ID, EnsembleStatus.empty(), EnsembleStatus.empty());
        assertThat(store.get(ID)).isEmpty();
    }

    @Test
    void eventsAreKeptForViewsAndInAFile() throws Exception {
        for (int i = 0; i < 150; i++) {
            store.publish(ID, new EnsembleEvent(false, "Step" + i, "restarted\nmember"));
        }

        List<EventLog.Published> kept = store.events().of(ID);
        assertThat(kept).hasSize(100);
        assertThat(kept.get(99).event().reason()).isEqualTo("Step149");
        assertThat(Files.readAllLines(dir.resolve("events.log")))
                .hasSize(150)
                .last()
                .asString()
                .endsWith("Normal streaming/kafka.main Step149: restarted?member");
    }

    @Test
    void theHistorySurvivesARestartAndIsRemovedWithTheEnsemble() {
        assertThat(store.history(ID)).isEqualTo(History.EMPTY);
        store.writeHistory(ID, History.EMPTY, HISTORY);
        assertThat(dir.resolve("store/streaming.kafka.main.history"))
                .as("of an ensemble that does not exist")
                .doesNotExist();

        store.accept(resource(Map.of()), FIRST);
        store.writeHistory(ID, History.EMPTY, HISTORY);

        LocalStore next = new LocalStore(dir, Clock.systemUTC());
        assertThat(next.history(ID)).isEqualTo(HISTORY);
        assertThat(next.list()).extracting(Accepted::id).containsExactly(ID);
        assertThat(next.unreadable()).isEmpty();
        next.mark(ID, FIRST.with("Orphaned", "put the file back"));
        assertThat(next.history(ID)).isEqualTo(HISTORY);
        next.remove(ID, FIRST);
        assertThat(next.history(ID)).isEqualTo(History.EMPTY);
        assertThat(dir.resolve("store/streaming.kafka.main.history")).doesNotExist();
    }

    @Test
    void aHistoryThatCannotBeReadIsPutAsideAndANewOneBegins() throws Exception {
        store.accept(resource(Map.of()), FIRST);
        Path file = dir.resolve("store/streaming.kafka.main.history");
        for (String content : List.of("{ not json", "", "{\"version\":99,\"commits\":[]}", "x".repeat(1_000_000))) {
            Files.writeString(file, content);

            assertThat(store.history(ID)).isEqualTo(History.EMPTY);

            assertThat(dir.resolve("store/streaming.kafka.main.history.unreadable"))
                    .hasContent(content);
            assertThat(file).doesNotExist();
        }
        store.writeHistory(ID, History.EMPTY, HISTORY);
        assertThat(store.history(ID)).isEqualTo(HISTORY);
        assertThat(store.list()).extracting(Accepted::id).containsExactly(ID);
    }

    private static ZooKeeperEnsemble resource(Map<String, String> config) {
        ZooKeeperEnsemble resource = new ZooKeeperEnsemble();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ID.namespace())
                .withName(ID.name())
                .build());
        resource.setSpec(LocalEnsemble.spec(3, 0, config));
        return resource;
    }
}
