package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Figures;
import dev.ensembled.e2e.harness.FixedStorage;
import dev.ensembled.e2e.harness.OfflineStorage;
import dev.ensembled.e2e.harness.PodHistory.Takedown;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.VolumeClaims;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/** VolumeClaims grow under running servers, never shrink, and are deleted with their servers only where the spec asks for it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VolumeIT {
    private static final long GIB = 1L << 30;

    @RegisterExtension
    static final Stage STAGE = new Stage("volume", "delete-volumes");

    private static EnsembleFile file;
    private static Ensemble ensemble;
    private static VolumeClaims volumes;

    @BeforeAll
    static void create() {
        file = STAGE.file("druid", 3);
        ensemble = STAGE.create(file);
        volumes = new VolumeClaims(STAGE.client(), STAGE.namespace(), "druid");
    }

    @Test
    @Order(1)
    void claimsGrowFirstAndTheStatefulSetIsRecreated() {
        Map<String, String> claims = volumes.uids();
        Map<String, String> pods = ensemble.pods().uids();
        String set = ensemble.statefulSet().getMetadata().getUid();
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            load.begin();
            Instant start = Instant.now();
            // When a larger size is wanted
            String commit = STAGE.push(file.with("storage: {size: 2Gi}"));
            // Then a new StatefulSet has the new size, and every claim had requested it before
            await("another StatefulSet")
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofMinutes(2))
                    .until(
                            ensemble::statefulSet,
                            now -> now != null && !now.getMetadata().getUid().equals(set));
            assertThat(volumes.requests().values()).hasSize(3).containsOnly(2 * GIB);
            STAGE.awaitSettled(ensemble, commit);
            assertThat(ensemble.storage()).isEqualTo("2Gi");
            // And the volumes are the same, and no server was restarted
            assertThat(volumes.uids()).isEqualTo(claims);
            assertThat(ensemble.pods().uids()).isEqualTo(pods);
            RollFigures figures = load.end();
            assertThat(figures.pods().everDown()).isEmpty();
            assertThat(figures.missing()).isEmpty();
            Report.add(
                    "Volumes grow",
                    List.of("- push to Ready: " + Figures.seconds(Duration.between(start, Instant.now()))
                            + "; without any write, longest: "
                            + Figures.seconds(figures.writes().longestWithoutAnyWrite())));
        }
    }

    @Test
    @Order(2)
    @EnabledIfEnvironmentVariable(
            named = "ENSEMBLED_TEST_CLUSTER",
            matches = ".+",
            disabledReason = "plays the storage, whose own provisioner has to leave that to us")
    void volumesGrowByOneRestartOfEachServerIfRequired() {
        Map<String, String> claims = volumes.uids();
        String set = ensemble.statefulSet().getMetadata().getUid();
        List<String> expected = new ArrayList<>(ensemble.followers());
        try (OfflineStorage storage = new OfflineStorage(
                        STAGE.client(), STAGE.namespace(), ensemble.pods().uids());
                RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            expected.add(load.leader());
            load.begin();
            Instant start = Instant.now();
            // When a larger size is wanted, then the claims request it, and no server is restarted while the growth is
            // pending
            String commit = STAGE.push(file.with("storage: {size: 3Gi}"));
            assertThat(STAGE.awaitGate(ensemble, commit, "volume-growth")).contains(claims.keySet());
            assertThat(volumes.requests().values()).hasSize(3).containsOnly(3 * GIB);
            STAGE.nothingRestartsFor(Duration.ofSeconds(3), ensemble);
            assertThat(ensemble.pods().since(start).takedowns()).isEmpty();
            // When the disks have grown, and the file systems need a remount
            storage.growDisks();
            STAGE.awaitSettled(ensemble, commit);
            STAGE.nothingRestartsFor(Duration.ofSeconds(3), ensemble);
            // Then each server was evicted once while all others were up, the leader last
            RollFigures figures = load.end();
            List<Takedown> takedowns = figures.pods().takedowns();
            assertThat(figures.pods().order()).isEqualTo(expected);
            assertThat(takedowns).allSatisfy(takedown -> {
                assertThat(takedown.evicted()).isTrue();
                assertThat(takedown.othersDown()).isEmpty();
            });
            assertThat(figures.pods().mostAwayAtOnce()).isEqualTo(1);
            assertThat(figures.leaders().leaderChanges()).isEqualTo(1);
            assertThat(figures.missing()).isEmpty();
            // And after that a new StatefulSet has the new size; the volumes are the same
            assertThat(ensemble.statefulSet().getMetadata().getUid()).isNotEqualTo(set);
            assertThat(Instant.parse(ensemble.statefulSet().getMetadata().getCreationTimestamp()))
                    .isAfterOrEqualTo(takedowns.get(2).at().truncatedTo(ChronoUnit.SECONDS));
            assertThat(ensemble.storage()).isEqualTo("3Gi");
            assertThat(volumes.uids()).isEqualTo(claims);
            List<String> lines = new ArrayList<>(RollFigures.HEADER);
            lines.add(figures.row("file systems that wait for another mount"));
            Report.add("Volumes grow by restarts", lines);
        }
    }

    @Test
    @Order(3)
    void volumeNeverShrinksAndTheReasonIsReported() {
        Map<String, String> pods = ensemble.pods().uids();
        long had = volumes.requests().get(volumes.claim(0));
        // When a smaller size is wanted, then that commit is held with a reason, and nothing changes
        STAGE.push(file);
        await("refused").atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                        ensemble.status("source", "message"))
                .contains("volumes cannot shrink"));
        assertThat(ensemble.status("source", "state")).isEqualTo("Held");
        STAGE.nothingRestartsFor(Duration.ofSeconds(3), ensemble);
        assertThat(ensemble.pods().uids()).isEqualTo(pods);
        assertThat(volumes.requests().values()).containsOnly(had);
        // When the size is corrected, then the ensemble is ready
        STAGE.awaitSettled(
                ensemble,
                STAGE.push(
                        file.with("storage: {size: " + ensemble.storage() + "}").maxClientConnections(64)));
    }

    @Test
    @Order(4)
    @EnabledIfEnvironmentVariable(
            named = "ENSEMBLED_TEST_CLUSTER",
            matches = ".+",
            disabledReason = "plays the storage, whose own provisioner has to leave that to us")
    void growthThatFailsInTheStorageIsReportedAndARevertHeals() {
        Map<String, String> pods = ensemble.pods().uids();
        String size = ensemble.storage();
        EnsembleFile before = file.with("storage: {size: " + size + "}").maxClientConnections(64);
        try (OfflineStorage storage = new OfflineStorage(STAGE.client(), STAGE.namespace(), pods)) {
            // Given a larger size that is wanted, and a storage that has no more space
            STAGE.push(before.with("storage: {size: 50Gi}"));
            await("the claims ask for it")
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() ->
                            assertThat(volumes.requests().values()).hasSize(3).containsOnly(50 * GIB));
            storage.refuse("the pool has no space left");
            // Then the storage's message is reported
            assertThat(STAGE.awaitStalled(ensemble, "VolumeGrowth")).contains("the pool has no space left");
            // When that is reverted, then the ensemble is ready, although the claims still request the larger size
            STAGE.awaitSettled(ensemble, STAGE.push(before));
        }
        assertThat(ensemble.condition("Stalled")).isEqualTo("False");
        assertThat(ensemble.storage()).isEqualTo(size);
        assertThat(ensemble.pods().uids()).isEqualTo(pods);
    }

    @Test
    @Order(5)
    void growthThatTheClassForbidsIsReportedAndARevertHeals() {
        try (FixedStorage fixed = new FixedStorage(STAGE.client(), STAGE.namespace())) {
            EnsembleFile small = STAGE.file("phoenix", 1)
                    .with("storage: {size: 1Gi, storageClassName: %s}".formatted(fixed.className()));
            Ensemble single = STAGE.create(small);
            Map<String, String> pods = single.pods().uids();
            // When a larger size is wanted, then the API server's message is reported
            String commit =
                    STAGE.push(small.with("storage: {size: 2Gi, storageClassName: %s}".formatted(fixed.className())));
            assertThat(STAGE.awaitGate(single, commit, "refused-by-api")).contains("storageclass", "resize");
            // When that is reverted, then the ensemble is ready
            STAGE.awaitSettled(single, STAGE.push(small));
            assertThat(single.pods().uids()).isEqualTo(pods);
        }
    }

    @Test
    @Order(6)
    void volumesAreDeletedWithScaledDownServersOnRequest() {
        // When servers are scaled down whose volumes may be deleted
        EnsembleFile single = deleting().voters(1);
        STAGE.awaitSettled(ensemble, STAGE.push(single));
        // Then their claims are deleted, and the claim of the remaining member stays
        await("two claims are gone").atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(volumes.uids())
                .containsOnlyKeys(volumes.claim(0)));
    }

    @Test
    @Order(7)
    void volumesAreDeletedWithTheEnsembleOnRequest() {
        STAGE.awaitSettled(ensemble, STAGE.push(deleting().voters(1).with("deletionPolicy: Delete")));
        // Given another ensemble, since a repository without any ensemble removes nothing
        STAGE.push(STAGE.file("drill", 1));
        // When the file is removed
        STAGE.repository().remove(file.path()).push("Remove druid");
        STAGE.daemon().hint();
        // Then nothing of the ensemble is left
        await("all is gone").atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(ensemble.resource()).isNull();
            assertThat(ensemble.pods().now()).isEmpty();
            assertThat(ensemble.statefulSet()).isNull();
            assertThat(volumes.uids()).isEmpty();
        });
    }

    private static EnsembleFile deleting() {
        return file.with("storage: {size: " + ensemble.storage() + ", deletionPolicy: Delete}")
                .maxClientConnections(64);
    }
}
