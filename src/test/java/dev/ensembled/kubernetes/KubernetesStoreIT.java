package dev.ensembled.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensembled.git.ConfigRepo;
import dev.ensembled.git.GitSource;
import dev.ensembled.git.history.AcceptedCommits;
import dev.ensembled.git.settings.GitSettings;
import dev.ensembled.git.settings.RemoteUrl;
import dev.ensembled.kubernetes.client.ClusterCache;
import dev.ensembled.kubernetes.client.FreshObjects;
import dev.ensembled.kubernetes.store.KubernetesStore;
import dev.ensembled.kubernetes.store.Lifecycle;
import dev.ensembled.kubernetes.store.Teardown;
import dev.ensembled.reconciler.cycle.ChangedMeanwhileException;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.cycle.SourceChanges;
import dev.ensembled.reconciler.cycle.SpecRefusedException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.desired.OptOut;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.HistoryText;
import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.history.RecordedHold;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.VolumeSizes;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Policy;
import dev.ensembled.stub.StatusBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The resources of a real cluster as a store; each test has its own ensemble, whose servers need not run. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubernetesStoreIT {
    private static final SourceStatus SYNCED = new SourceStatus(
            "abc123", "prod/kafka.yaml", "Synced", null, "https://git/config?ref=main", "ensembled-system");
    private static final RolloutStatus NOTHING_OUTDATED = new RolloutStatus(null, null, null, null, 0);
    private static final String SPEC =
            """
              version: 3.9.5
              voters: 3
              config: {tickTime: 1500}
              jvm: {heap: 64Mi}
              rollout: {settle: 2s}
            """;

    private static final History HISTORY = new History(List.of(new RecordedCommit(
            "abc123",
            1,
            null,
            Instant.parse("2026-03-01T12:00:00Z"),
            null,
            List.of(),
            List.of(new RecordedHold("budget", "blocked", false, Instant.parse("2026-03-01T12:00:05Z"), null)))));

    private final TestNamespace cluster = new TestNamespace();
    private final KubernetesStore store =
            new KubernetesStore(cluster.client, cluster.cache, Policy.DEFAULT, Clock.systemUTC());
    private final Lifecycle lifecycle =
            new Lifecycle(cluster.client, cluster.cache, true, Policy.DEFAULT, Clock.systemUTC());
    private final AtomicInteger counter = new AtomicInteger();
    private EnsembleId id;

    @BeforeAll
    void start() {
        lifecycle.start();
    }

    @BeforeEach
    void name() {
        id = new EnsembleId(cluster.namespace, "e" + counter.incrementAndGet());
    }

    @AfterAll
    void leave() {
        lifecycle.close();
        cluster.close();
    }

    @Test
    void acceptedSpecIsReadBackAtOnceUnchanged() {
        store.accept(resource(SPEC), SYNCED);

        Accepted accepted = store.get(id).orElseThrow();
        assertThat(accepted.spec()).isEqualTo(resource(SPEC).getSpec());
        assertThat(accepted.source()).contains(SYNCED);
        assertThat(accepted.edited()).isFalse();
        assertThat(accepted.generation()).isEqualTo(1);
        assertThat(accepted.status()).isEqualTo(EnsembleStatus.empty());
        TestNamespace.await(
                "the list to have it", () -> store.list().stream().anyMatch(found -> found.equals(accepted)));
    }

    @Test
    void unchangedSpecIsNotWrittenAgain() {
        store.accept(resource(SPEC), SYNCED);
        String version = live().getMetadata().getResourceVersion();

        store.accept(resource(SPEC), SYNCED);

        assertThat(live().getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void forbiddenChangeOfTheStoredSpecIsRefusedWithTheReason() {
        String size = "  storage: {size: %s}\n";
        store.accept(resource(SPEC + size.formatted("2Gi")), SYNCED);

        assertThatThrownBy(() -> store.accept(resource(SPEC + size.formatted("1Gi")), SYNCED))
                .isInstanceOf(SpecRefusedException.class)
                .hasMessageContaining("spec.storage.size")
                .hasMessageContaining("volumes cannot shrink");

        assertThat(store.get(id).orElseThrow().spec().storage().size()).isEqualTo("2Gi");
    }

    @Test
    void aGrowthMayBeRevertedAsLongAsSomeVolumeHasNotGrown() {
        String sizes = "  storage: {size: %s, log: {size: %s}}\n";
        store.accept(resource(SPEC + sizes.formatted("2Gi", "1Gi")), SYNCED);
        store.accept(resource(SPEC + sizes.formatted("4Gi", "3Gi")), SYNCED);
        report(sized("2Gi", "3Gi"));

        // The volumes of the log have grown, so their size stays
        assertThatThrownBy(() -> store.accept(resource(SPEC + sizes.formatted("2Gi", "1Gi")), SYNCED))
                .isInstanceOf(SpecRefusedException.class)
                .hasMessageContaining("spec.storage.log.size")
                .hasMessageContaining("volumes cannot shrink");
        store.accept(resource(SPEC + sizes.formatted("2Gi", "3Gi")), SYNCED);
        assertThat(store.get(id).orElseThrow().spec().storage().size()).isEqualTo("2Gi");
        // And no volume becomes smaller than the smallest existing one
        assertThatThrownBy(() -> store.accept(resource(SPEC + sizes.formatted("1Gi", "3Gi")), SYNCED))
                .isInstanceOf(SpecRefusedException.class)
                .hasMessageContaining("volumes cannot shrink");
        // Nor by an omitted size whose default is smaller
        store.accept(resource(SPEC + sizes.formatted("20Gi", "3Gi")), SYNCED);
        report(sized("20Gi", "3Gi"));
        assertThatThrownBy(() -> store.accept(resource(SPEC + "  storage: {log: {size: 3Gi}}\n"), SYNCED))
                .isInstanceOf(SpecRefusedException.class)
                .hasMessageContaining("volumes cannot shrink");
    }

    @Test
    void commitWithTheSameSpecIsNoNewGeneration() {
        store.accept(resource(SPEC), SYNCED);

        store.accept(resource(SPEC), new SourceStatus("def456", "prod/kafka.yaml", "Synced", null));

        assertThat(store.get(id).orElseThrow().generation()).isEqualTo(1);
        assertThat(store.get(id).orElseThrow().source().orElseThrow().commit()).isEqualTo("def456");
    }

    @Test
    void aFieldThatLeavesTheFileLeavesTheResource() {
        store.accept(resource(SPEC), SYNCED);

        store.accept(resource(SPEC.replace("  config: {tickTime: 1500}\n", "")), SYNCED);

        Accepted accepted = store.get(id).orElseThrow();
        assertThat(accepted.spec().config()).isEmpty();
        assertThat(accepted.generation()).isEqualTo(2);
    }

    @Test
    void manualEditIsSeenAndRevertedByTheNextCommit() {
        store.accept(resource(SPEC), SYNCED);
        patch("{\"spec\":{\"voters\":5,\"jvm\":{\"options\":[\"-XX:+UseZGC\"]}}}");
        TestNamespace.await("the edit", () -> store.get(id).orElseThrow().edited());

        store.accept(resource(SPEC), SYNCED);

        Accepted accepted = store.get(id).orElseThrow();
        assertThat(accepted.edited()).isFalse();
        assertThat(accepted.spec()).isEqualTo(resource(SPEC).getSpec());
    }

    @Test
    void marksChangeTheSourceStateAndNothingElse() {
        store.accept(resource(SPEC), SYNCED);
        SourceStatus held = SYNCED.with("Held", "line 3: no");

        store.mark(id, held);
        String version = live().getMetadata().getResourceVersion();
        store.mark(id, held);

        assertThat(live().getMetadata().getResourceVersion()).isEqualTo(version);
        Accepted accepted = store.get(id).orElseThrow();
        assertThat(accepted.source()).contains(held);
        assertThat(accepted.generation()).isEqualTo(1);
        store.mark(id, SYNCED);
        assertThat(store.get(id).orElseThrow().source()).contains(SYNCED);
    }

    @Test
    void theStatusIsReadBackAtOnceAndWrittenOnlyWhenItDiffers() {
        store.accept(resource(SPEC), SYNCED);
        EnsembleStatus rolling =
                status(new RolloutStatus("restart member 1", null, "config", "2026-01-01T00:00:00Z", 2));
        report(rolling);
        assertThat(store.get(id).orElseThrow().status()).isEqualTo(rolling);
        String version = live().getMetadata().getResourceVersion();

        report(rolling);
        assertThat(live().getMetadata().getResourceVersion()).isEqualTo(version);

        EnsembleStatus done = status(NOTHING_OUTDATED);
        report(done);
        assertThat(store.get(id).orElseThrow().status())
                .as("fields that are gone do not linger")
                .isEqualTo(done);
        assertThat(store.get(id).orElseThrow().generation()).isEqualTo(1);
    }

    @Test
    void theStatusOfAnotherDaemonIsNotOverwritten() {
        store.accept(resource(SPEC), SYNCED);
        EnsembleStatus before = store.get(id).orElseThrow().status();
        EnsembleStatus theirs = status(new RolloutStatus("restart member 1", null, "x", "2026-01-01T00:00:00Z", 2));
        anotherDaemon().writeStatus(id, before, theirs);

        assertThatThrownBy(() -> store.writeStatus(id, before, status(NOTHING_OUTDATED)))
                .isInstanceOf(ChangedMeanwhileException.class)
                .hasMessageContaining("the status of " + id + " was changed; expected the status");

        assertThat(anotherDaemon().get(id).orElseThrow().status()).isEqualTo(theirs);
        TestNamespace.await(
                "the cache to have it",
                () -> store.get(id).orElseThrow().status().equals(theirs));
        store.writeStatus(id, theirs, status(NOTHING_OUTDATED));
    }

    @Test
    void theStatusIsNotWrittenToAnotherResourceOfThatName() {
        store.accept(resource(SPEC), SYNCED);
        EnsembleStatus ours = status(NOTHING_OUTDATED);
        report(ours);
        at().delete();
        TestNamespace.await("the resource to go", () -> at().get() == null);
        assertThatThrownBy(() -> store.writeStatus(id, ours, EnsembleStatus.empty()))
                .isInstanceOf(ChangedMeanwhileException.class);
        anotherDaemon().accept(resource(SPEC), SYNCED);

        assertThatThrownBy(() -> store.writeStatus(id, ours, sized("3Gi", "3Gi")))
                .isInstanceOf(ChangedMeanwhileException.class);

        assertThat(live().getAdditionalProperties().get("status")).isNull();
    }

    @Test
    void theStatusIsWrittenAlthoughAPersonHasJustMadeARequest() {
        store.accept(resource(SPEC), SYNCED);
        for (int i = 0; i < 10; i++) {
            patch("{\"metadata\":{\"annotations\":{\"ensembled.dev/paused\":\"" + i + "\"}}}");
            report(status(new RolloutStatus("step " + i, null, "x", "2026-01-01T00:00:00Z", 2)));
        }
        assertThat(store.get(id).orElseThrow().status().rollout().step()).isEqualTo("step 9");
        assertThat(live().getMetadata().getAnnotations()).containsEntry("ensembled.dev/paused", "9");
    }

    @Test
    void aChangeThatWasDecidedOnAnOlderCommitIsRefused() {
        String delete = SPEC + "  deletionPolicy: Delete\n";
        store.accept(resource(delete), SYNCED);
        TestNamespace.await("the list to have it", () -> storedIds().contains(id));
        SourceChanges older = store.decidedOn(store.list());
        SourceStatus newer = new SourceStatus("def456", "prod/kafka.yaml", "Synced", null);
        anotherDaemon().accept(resource(delete.replace("1500", "1700")), newer);

        assertThatThrownBy(() -> older.accept(resource(delete.replace("1500", "1600")), SYNCED))
                .isInstanceOf(ChangedMeanwhileException.class);
        assertThatThrownBy(() -> older.mark(id, SYNCED.with("Held", "line 3: no")))
                .isInstanceOf(ChangedMeanwhileException.class);
        assertThatThrownBy(() -> older.remove(id, SYNCED)).isInstanceOf(ChangedMeanwhileException.class);

        assertThat(live().getMetadata().getDeletionTimestamp()).isNull();
        assertThat(anotherDaemon().get(id).orElseThrow().spec().config()).containsEntry("tickTime", "1700");
        TestNamespace.await("the cache to have it", () -> store.get(id)
                .flatMap(Accepted::source)
                .filter(newer::equals)
                .isPresent());
        store.decidedOn(store.list()).mark(id, newer.with("Held", "line 3: no"));
    }

    @Test
    void aResourceThatAnotherDaemonCreatedIsNotOverwritten() {
        SourceChanges older = store.decidedOn(store.list());
        anotherDaemon().accept(resource(SPEC), SYNCED);

        assertThatThrownBy(() -> older.accept(resource(SPEC.replace("1500", "1600")), SYNCED))
                .isInstanceOf(ChangedMeanwhileException.class);

        assertThat(anotherDaemon().get(id).orElseThrow().spec().config()).containsEntry("tickTime", "1500");
    }

    private Set<EnsembleId> storedIds() {
        return store.list().stream().map(Accepted::id).collect(Collectors.toSet());
    }

    @Test
    void theHistoryOfAnotherDaemonIsNotOverwritten() {
        store.accept(resource(SPEC), SYNCED);
        anotherDaemon().writeHistory(id, History.EMPTY, HISTORY);

        assertThatThrownBy(() -> store.writeHistory(id, History.EMPTY, History.EMPTY))
                .isInstanceOf(ChangedMeanwhileException.class);

        assertThat(store.history(id)).isEqualTo(HISTORY);
    }

    @Test
    void eventIsSeenOnTheResourceAndCountedWhenRepeated() {
        store.accept(resource(SPEC), SYNCED);
        EnsembleEvent event = new EnsembleEvent(true, "DriftRepaired", "Service/kafka: spec.type");

        for (int i = 0; i < 3; i++) {
            store.publish(id, event);
        }
        store.publish(id, new EnsembleEvent(false, "Formed", "all serve"));

        List<Event> events = cluster.client
                .v1()
                .events()
                .inNamespace(id.namespace())
                .withField("involvedObject.uid", live().getMetadata().getUid())
                .list()
                .getItems();
        assertThat(events)
                .extracting(found ->
                        found.getType() + " " + found.getReason() + " " + found.getMessage() + " x" + found.getCount())
                .containsExactlyInAnyOrder(
                        "Warning DriftRepaired Service/kafka: spec.type x3", "Normal Formed all serve x1");
    }

    @Test
    void resourceBeyondTheInstallationPolicyIsLeftAloneWithReason() {
        apply(SPEC + "  podTemplate: {spec: {volumes: [{name: x, hostPath: {path: /}}]}}\n");

        TestNamespace.await("its condition", () -> live().toString().contains("InvalidSpec"));
        assertThat(store.get(id)).isEmpty();
        assertThat(live().getAdditionalProperties().get("status").toString())
                .contains("Stalled", "hostPath", "ENSEMBLED_POD_SECURITY");
    }

    @Test
    void omittedPodTemplateDefaultsSurviveTheStore() {
        String spec = SPEC + "  podTemplateUnset: [spec.securityContext.runAsUser]\n";

        store.accept(resource(spec), SYNCED);

        Accepted accepted = store.get(id).orElseThrow();
        assertThat(accepted.spec().podTemplateUnset()).containsExactly("spec.securityContext.runAsUser");
        assertThat(accepted.spec()).isEqualTo(resource(spec).getSpec());
        assertThat(accepted.edited()).isFalse();
    }

    @Test
    void appliedNullMeansTheSameAsInAFile() {
        apply(SPEC + "  podTemplate: {spec: {securityContext: {runAsUser: null}}}\n");

        TestNamespace.await("it is read", () -> store.get(id).isPresent());
        assertThat(store.get(id).orElseThrow().spec().podTemplateUnset())
                .containsExactly("spec.securityContext.runAsUser");
    }

    @Test
    void invalidResourceIsLeftAloneWithTheReason() {
        apply(SPEC.replace("tickTime: 1500", "dataDir: /elsewhere"));

        TestNamespace.await("its condition", () -> live().toString().contains("InvalidSpec"));
        assertThat(store.get(id)).isEmpty();
        assertThat(store.list()).extracting(Accepted::id).doesNotContain(id);
        assertThat(live().getAdditionalProperties().get("status").toString())
                .contains("Stalled", "InvalidSpec", "dataDir");
    }

    @Test
    void aResourceOfAnotherToolIsAnEnsembleWithoutSource() {
        apply(SPEC);

        TestNamespace.await("it", () -> store.get(id).isPresent());
        assertThat(store.get(id).orElseThrow().source()).isEmpty();
        assertThat(store.get(id).orElseThrow().edited()).isFalse();
    }

    @Test
    void finalizerIsSetExactlyWhileThePolicyIsDelete() {
        store.accept(resource(SPEC), SYNCED);
        assertThat(live().getMetadata().getFinalizers()).isEmpty();

        store.accept(resource(SPEC + "  deletionPolicy: Delete\n"), SYNCED);
        TestNamespace.await(
                "the finalizer", () -> live().getMetadata().getFinalizers().equals(List.of(Teardown.FINALIZER)));

        store.accept(resource(SPEC), SYNCED);
        TestNamespace.await("none", () -> live().getMetadata().getFinalizers().isEmpty());
    }

    @Test
    void removedEnsembleIsDeletedAndItsClaimsStay() {
        String spec = SPEC.replace("voters: 3", "voters: 1") + "  deletionPolicy: Delete\n";
        store.accept(resource(spec), SYNCED);
        objects();
        TestNamespace.await("its claim", () -> claims() == 1);

        store.remove(id, new SourceStatus("fff", "prod/kafka.yaml", "Orphaned", null));

        assertThat(store.get(id)).isEmpty();
        TestNamespace.await("the resource to go", () -> at().get() == null);
        assertThat(owned()).isZero();
        assertThat(claims()).isEqualTo(1);
    }

    @Test
    void theHistoryIsReadByAnotherDaemonAndRemovedWithTheEnsemble() {
        String spec = SPEC.replace("voters: 3", "voters: 1") + "  deletionPolicy: Delete\n";
        assertThat(store.history(id)).isEqualTo(History.EMPTY);
        record(HISTORY);
        assertThat(historyMap().get()).as("of an ensemble that does not exist").isNull();

        store.accept(resource(spec), SYNCED);
        objects();
        record(HISTORY);

        assertThat(anotherDaemon().history(id)).isEqualTo(HISTORY);
        assertThat(historyMap().get().getMetadata().getOwnerReferences()).isEmpty();
        assertThat(OptOut.isSaidBy(historyMap().get().getMetadata().getAnnotations()))
                .isTrue();
        store.remove(id, new SourceStatus("fff", "prod/kafka.yaml", "Orphaned", null));
        TestNamespace.await("the resource to go", () -> at().get() == null);
        assertThat(historyMap().get()).isNull();
        assertThat(owned()).isZero();
    }

    @Test
    void theHistoryIsNoPartOfTheManifestsAndNoDrift() {
        store.accept(resource(SPEC), SYNCED);
        objects();
        record(HISTORY);
        TestNamespace.await(
                "the cache to have it",
                () -> cluster.cache.read(new ObjectNames(id)).configMaps().size() == 2);

        Accepted accepted = store.get(id).orElseThrow();
        List<ObjectState> states = platform()
                .observe(
                        Desired.of(id, accepted.spec(), accepted.generation()), EnsembleStatus.empty(), ReadMode.CACHED)
                .objects();

        assertThat(states)
                .filteredOn(object -> object.kind().equals("ConfigMap"))
                .singleElement()
                .satisfies(object -> {
                    assertThat(object.name()).startsWith(id.name() + "-config-");
                    assertThat(object.state()).isEqualTo(ObjectState.State.CURRENT);
                });
    }

    @Test
    void theHistoryOfAnOrphanIsKept() {
        apply(SPEC);
        TestNamespace.await("it", () -> store.get(id).isPresent());
        record(HISTORY);

        at().delete();
        TestNamespace.await("the resource to go", () -> at().get() == null);
        apply(SPEC);
        TestNamespace.await("it again", () -> store.get(id).isPresent());

        assertThat(anotherDaemon().history(id)).isEqualTo(HISTORY);
    }

    @Test
    void aHistoryThatCannotBeReadIsReplaced() {
        store.accept(resource(SPEC), SYNCED);
        for (String content : List.of("{ not json", "{\"version\":99,\"commits\":[]}")) {
            record(HISTORY);
            historyMap().edit(map -> new ConfigMapBuilder(map)
                    .addToData("history.json", content)
                    .build());

            assertThat(store.history(id)).isEqualTo(History.EMPTY);
        }
        record(HISTORY);
        assertThat(store.history(id)).isEqualTo(HISTORY);
    }

    @Test
    void aConfigMapOfThatNameThatIsNotOursIsLeftAlone() {
        store.accept(resource(SPEC), SYNCED);
        ConfigMap theirs = cluster.client
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(id.namespace())
                        .withName(id.name() + "-history")
                        .endMetadata()
                        .addToData("history.json", HistoryText.of(HISTORY))
                        .build())
                .create();

        record(new History(List.of()));

        assertThat(store.history(id)).isEqualTo(History.EMPTY);
        assertThat(historyMap().get()).isEqualTo(theirs);
    }

    @Test
    void onlyTheRecordedRepositoryRemovesAnEnsemble(@TempDir Path directory) throws Exception {
        String text = file(SPEC + "  deletionPolicy: Delete\n");
        String other = text.replace("name: " + id.name(), "name: " + id.name() + "-other");
        try (ConfigRepo first = new ConfigRepo(directory.resolve("first.git"));
                ConfigRepo second = new ConfigRepo(directory.resolve("second.git"))) {
            // Given an ensemble of one repository
            follow(
                    first,
                    "here",
                    first.write("kafka.yaml", text).write("x.yaml", other).commit("First"));
            assertThat(source().origin()).endsWith("first?ref=main");
            // When the daemon follows another repository, then the removal waits for a confirmation, and ensembles
            // that both define are taken over
            follow(second, "here", second.write("x.yaml", other).commit("First"));
            assertThat(live().getMetadata().getDeletionTimestamp()).isNull();
            assertThat(source().state()).isEqualTo("RemovalPending");
            assertThat(source().message()).contains("first?ref=main", "second?ref=main", "ensembled approve");
            // When it follows the first repository again, and another daemon follows the second one
            follow(first, "here", first.head("main"));
            assertThat(source().state()).isEqualTo("Synced");
            String version = live().getMetadata().getResourceVersion();
            follow(
                    second,
                    "there",
                    second.write("x.yaml", other.replace("-other", "-third")).commit("Third"));
            // Then the other daemon writes to no ensemble that is not its own
            assertThat(live().getMetadata().getResourceVersion()).isEqualTo(version);
            // When the file is removed from the recorded repository, then the ensemble is removed
            follow(first, "here", first.delete("kafka.yaml").commit("Remove"));
            TestNamespace.await("it to go", () -> at().get() == null);
        }
    }

    @Test
    void requestAppliedFromAFileIsIgnoredUntilAPersonMakesIt() {
        ZooKeeperEnsemble resource = resource(SPEC);
        resource.getMetadata().setAnnotations(Map.of("ensembled.dev/approve", "1"));
        store.accept(resource, SYNCED);
        assertThat(live().getMetadata().getAnnotations()).containsEntry("ensembled.dev/approve", "1");

        assertThat(store.get(id).orElseThrow().requests()).isEqualTo(Requests.NONE);

        patch("{\"metadata\":{\"annotations\":{\"ensembled.dev/approve\":\"1:leader\"}}}");
        TestNamespace.await(
                "the request", () -> store.get(id).orElseThrow().requests().approves(1, 3, true));
    }

    private void report(EnsembleStatus status) {
        store.writeStatus(id, store.get(id).orElseThrow().status(), status);
    }

    private void record(History history) {
        store.writeHistory(id, store.history(id), history);
    }

    private SourceStatus source() {
        return store.get(id).orElseThrow().source().orElseThrow();
    }

    /** Runs a daemon that follows a repository until the store has the commit. */
    private void follow(ConfigRepo repository, String installation, String commit) throws IOException {
        GitSettings settings = new GitSettings(
                RemoteUrl.of(repository.url()),
                "main",
                "",
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                GitSettings.Files.none(),
                Files.createTempDirectory(repository.directory().getParent(), "cache"));
        try (GitSource source = new GitSource(
                settings,
                installation,
                AcceptedCommits.none(),
                new CommitReader(new SpecReader("default", Set.of()))::read,
                store,
                Clock.systemUTC())) {
            source.start();
            TestNamespace.await(
                    "the commit",
                    () -> source.state().storedCommit().filter(commit::equals).isPresent());
        }
    }

    @Test
    void ensembleDeletedByHandKeepsRunningWhileGitDefinesIt() {
        store.accept(resource(SPEC + "  deletionPolicy: Delete\n"), SYNCED);
        objects();
        TestNamespace.await(
                "the finalizer", () -> !live().getMetadata().getFinalizers().isEmpty());

        at().delete();

        TestNamespace.await("the resource to go", () -> at().get() == null);
        assertThat(owned()).isEqualTo(5);
        store.accept(resource(SPEC), SYNCED);
        assertThat(store.get(id)).isPresent();
    }

    @Test
    void orphanDeletedByHandKeepsRunning() {
        apply(SPEC);
        TestNamespace.await("it", () -> store.get(id).isPresent());
        objects();

        at().delete();

        TestNamespace.await("the resource to go", () -> at().get() == null);
        assertThat(owned()).isEqualTo(5);
    }

    private Resource<ConfigMap> historyMap() {
        return cluster.client.configMaps().inNamespace(id.namespace()).withName(id.name() + "-history");
    }

    private KubernetesStore anotherDaemon() {
        return new KubernetesStore(cluster.client, cluster.cache, Policy.DEFAULT, Clock.systemUTC());
    }

    private KubernetesPlatform platform() {
        return new KubernetesPlatform(
                cluster.client, cluster.cache, TestNamespace::ask, new Asked(), Clock.systemUTC());
    }

    /** Creates the objects of the ensemble, as the rollout would. */
    private void objects() {
        Accepted accepted = store.get(id).orElseThrow();
        Desired desired = Desired.of(id, accepted.spec(), accepted.generation());
        KubernetesPlatform platform = platform();
        Outcome outcome = platform.act(
                desired,
                TestNamespace.apply(desired, platform.observe(desired, EnsembleStatus.empty(), ReadMode.FRESH)));
        assertThat(outcome).isInstanceOf(Outcome.Applied.class);
        assertThat(owned()).isEqualTo(5);
    }

    private long owned() {
        return new FreshObjects(cluster.client)
                .read(new ObjectNames(id))
                .all()
                .filter(object -> !object.getKind().equals("Pod"))
                .filter(object -> object.getMetadata().getName().startsWith(id.name()))
                .filter(object -> Set.of(id.name())
                        .contains(object.getMetadata().getLabels().get("app.kubernetes.io/instance")))
                .count();
    }

    private long claims() {
        return cluster.client
                .persistentVolumeClaims()
                .inNamespace(id.namespace())
                .withLabel("app.kubernetes.io/instance", id.name())
                .list()
                .getItems()
                .size();
    }

    private static EnsembleStatus status(RolloutStatus rollout) {
        return status(rollout, new VolumeSizes("10Gi", null));
    }

    private static EnsembleStatus sized(String data, String log) {
        return status(null, new VolumeSizes(data, log));
    }

    private static EnsembleStatus status(RolloutStatus rollout, VolumeSizes volumes) {
        return StatusBuilder.bootstrapped()
                .conditions(new Condition("Ready", "False", "Rolling", "x", "2026-01-01T00:00:00Z", 1L))
                .committed(2, "100000000", 1, 2, 3)
                .members(new MemberStatus(1, "kafka-0", "follower", "0x1", "r1", true, "2026-01-01T00:00:00Z"))
                .rollout(rollout)
                .driftRepairs(3)
                .volumes(volumes)
                .source(SYNCED)
                .build();
    }

    private Resource<GenericKubernetesResource> at() {
        return cluster.client
                .genericKubernetesResources(ClusterCache.RESOURCE)
                .inNamespace(id.namespace())
                .withName(id.name());
    }

    private GenericKubernetesResource live() {
        return at().get();
    }

    private void patch(String patch) {
        at().patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager("a-person")
                                .build(),
                        patch);
    }

    private void apply(String spec) {
        cluster.client
                .resource(cluster.client
                        .getKubernetesSerialization()
                        .unmarshal(file(spec), GenericKubernetesResource.class))
                .fieldManager("argocd")
                .serverSideApply();
    }

    private ZooKeeperEnsemble resource(String spec) {
        return cluster.client.getKubernetesSerialization().unmarshal(file(spec), ZooKeeperEnsemble.class);
    }

    private String file(String spec) {
        return "apiVersion: ensembled.dev/v1alpha1\nkind: ZooKeeperEnsemble\nmetadata: {name: " + id.name()
                + ", namespace: " + id.namespace() + "}\nspec:\n" + spec;
    }
}
