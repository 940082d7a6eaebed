package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.ClusterFaults;
import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Figures;
import dev.ensembled.e2e.harness.Ledger;
import dev.ensembled.e2e.harness.MembershipTimeline;
import dev.ensembled.e2e.harness.MembershipWatch;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.VolumeClaims;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Pods and disks are lost: the ensemble recovers without a person and with all acknowledged writes, or reports what a
 * person must do.
 */
@Isolated("breaks parts of the cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DataLossIT {
    private static final String OUR_CLUSTER = "breaks parts of the cluster itself, so it needs ENSEMBLED_TEST_CLUSTER";

    @RegisterExtension
    static final Stage STAGE = new Stage("loss");

    private static EnsembleFile file;
    private static Ensemble ensemble;
    private static VolumeClaims volumes;

    @BeforeAll
    static void create() {
        file = STAGE.file("hbase", 3).with("rollout: {settle: 1s, progressDeadline: 60s}");
        ensemble = STAGE.create(file);
        volumes = new VolumeClaims(STAGE.client(), STAGE.namespace(), "hbase");
    }

    private static String commit() {
        return ensemble.status("source", "commit");
    }

    @Test
    @Order(1)
    void ensembleRecoversFromTheLossOfAMajorityOfItsPods() {
        losesPods("A majority of pods deleted at once", List.of(ensemble.pod(0), ensemble.pod(2)));
    }

    @Test
    @Order(2)
    @Tag("long")
    void ensembleRecoversFromTheLossOfAllItsPods() {
        losesPods("All pods deleted at once", List.copyOf(ensemble.pods().uids().keySet()));
    }

    @Test
    @Order(3)
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void ensembleRecoversAfterEveryNodeLostItsPower() {
        ClusterFaults faults = new ClusterFaults();
        Map<String, String> uids = ensemble.pods().uids();
        List<String> nodes = STAGE.client().nodes().list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .toList();
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            // When all nodes lose power at once, and come back
            load.begin();
            Instant start = Instant.now();
            nodes.forEach(faults::stopNode);
            await("no server serves")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> ensemble.podsThatAre("leading - broadcast").isEmpty());
            nodes.forEach(faults::startNode);
            STAGE.daemon().awaitReady();
            await("each server is back")
                    .atMost(Duration.ofMinutes(4))
                    .until(() -> ensemble.followers().size() == 2
                            && ensemble.podsThatAre("leading - broadcast").size() == 1);
            STAGE.awaitSettled(ensemble, commit());
            // Then the servers keep their pods, and have all acknowledged writes
            RollFigures figures = load.end();
            assertThat(ensemble.pods().uids()).isEqualTo(uids);
            assertThat(figures.missing()).isEmpty();
            report("Every node lost its power", start, load, figures);
        }
    }

    private static void losesPods(String title, List<String> victims) {
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            // When the pods are deleted
            load.begin();
            Instant start = Instant.now();
            STAGE.deleteAtOnce(victims);
            awaitNewOnes(start, victims.size());
            STAGE.awaitSettled(ensemble, commit());
            // Then no other pod was taken down, and every acknowledged write is on each server
            RollFigures figures = load.end();
            assertThat(figures.pods().order()).containsExactlyInAnyOrderElementsOf(victims);
            assertThat(figures.missing()).isEmpty();
            report(title, start, load, figures);
        }
    }

    private static void awaitNewOnes(Instant start, int number) {
        await("pods have left")
                .atMost(Duration.ofMinutes(1))
                .until(() -> ensemble.pods().since(start).takedowns().size() >= number);
    }

    private static void report(String title, Instant start, RollUnderLoad load, RollFigures figures) {
        Report.add(
                title,
                List.of("- until Ready: " + Figures.seconds(Duration.between(start, Instant.now()))
                        + "; without any write, longest: "
                        + Figures.seconds(figures.writes().longestWithoutAnyWrite()) + "; acknowledged writes: "
                        + load.acknowledged() + ", lost: 0"));
    }

    @Test
    @Order(4)
    void aMemberWhoseClaimIsGoneIsRemovedAndJoinsAgainAsNew() {
        String victim = ensemble.followers().get(0);
        String claim = volumes.uids().get(volumes.claim(victim));
        losesItsDisk("Claim and pod of a member deleted", victim, () -> volumes.delete(volumes.claim(victim)));
        assertThat(volumes.uids().get(volumes.claim(victim))).isNotNull().isNotEqualTo(claim);
    }

    @Test
    @Order(5)
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void aMemberWhoseDiskIsBlankIsRemovedAndJoinsAgainAsNew() {
        String victim = ensemble.followers().get(0);
        losesItsDisk("Volume of a member emptied", victim, () -> volumes.wipe(volumes.claim(victim)));
    }

    @Test
    @Order(6)
    @Tag("long")
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void aMemberWhoseLogIsCorruptIsRemovedAndJoinsAgainAsNew() {
        String victim = ensemble.followers().get(0);
        losesItsDisk("Log of a member corrupted", victim, () -> volumes.corruptNewestLog(volumes.claim(victim)));
    }

    private static void losesItsDisk(String title, String victim, Runnable fault) {
        Map<String, String> uids = ensemble.pods().uids();
        uids.remove(victim);
        int member = Integer.parseInt(victim.substring("hbase-".length())) + 1;
        try (MembershipWatch memberships =
                        new MembershipWatch(() -> ensemble.pods().addresses().values());
                RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            await("a membership")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !memberships.timeline().reports().isEmpty());
            memberships.begin();
            load.begin();
            Instant start = Instant.now();
            // When a member's disk fails and its server has to restart
            fault.run();
            STAGE.deleteAtOnce(List.of(victim));
            // Then the member is removed from the membership, and becomes a voter again
            await(victim + " was removed")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> memberships.timeline().members().contains(2));
            STAGE.awaitSettled(ensemble, commit());
            await("reported by a server")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> memberships.timeline().last().size() == 3);
            MembershipTimeline timeline = memberships.timeline();
            assertThat(timeline.changes())
                    .allSatisfy(changed -> assertThat(changed).containsExactly(member));
            assertThat(timeline.last().values()).containsOnly("participant");
            // And no other pod was taken down, and every acknowledged write is on each server, this one included
            RollFigures figures = load.end();
            assertThat(ensemble.pods().uids()).containsAllEntriesOf(uids);
            assertThat(figures.pods().everDown()).containsExactly(victim);
            assertThat(figures.missing()).isEmpty();
            report(title, start, load, figures);
        }
    }

    @Test
    @Order(7)
    void anEnsembleThatWasDeletedByHandComesBackFromGitWithItsData() {
        Map<String, String> claims = volumes.uids();
        try (Ledger ledger = Ledger.open(ensemble.clientAddress())) {
            ledger.stop();
            // When the custom resource and the StatefulSet are deleted by hand
            String commit = commit();
            String resource = ensemble.resource().getMetadata().getUid();
            Map<String, String> uids = ensemble.pods().uids();
            Instant start = Instant.now();
            ensemble.resourceHandle().delete();
            STAGE.client()
                    .apps()
                    .statefulSets()
                    .inNamespace(STAGE.namespace())
                    .withName("hbase")
                    .delete();
            // Then they are created again from Git, with new pods
            await("another resource")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> ensemble.resource() != null
                            && !ensemble.resource().getMetadata().getUid().equals(resource));
            await("other pods")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> ensemble.pods().uids().keySet().equals(uids.keySet())
                            && ensemble.pods().uids().values().stream().noneMatch(uids::containsValue));
            STAGE.awaitSettled(ensemble, commit);
            // And the same volumes are in use, and the ensemble has every write
            assertThat(volumes.uids()).isEqualTo(claims);
            assertThat(ensemble.followers()).hasSize(2);
            assertThat(ledger.missingFrom(ensemble.pods().addresses().values())).isEmpty();
            Report.add(
                    "Resource and StatefulSet deleted by hand, made again by Git",
                    List.of("- until Ready: " + Figures.seconds(Duration.between(start, Instant.now()))
                            + "; acknowledged writes: " + ledger.size() + ", lost: 0"));
        }
    }

    @Test
    @Order(8)
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void ensembleStallsWithoutAMajorityOfItsDisks() {
        Ensemble solo = STAGE.create(STAGE.file("solo", 1));
        VolumeClaims disks = new VolumeClaims(STAGE.client(), STAGE.namespace(), "solo");
        // When the only disk is empty, and its server restarts
        disks.wipe(disks.claim(0));
        STAGE.deleteAtOnce(List.of(solo.pod(0)));
        // Then the ensemble reports what happened and what a person must do
        assertThat(STAGE.awaitStalled(solo, "DataLost")).contains("member 1", "blank", "backup");
        // And nothing is touched: no pod is replaced, and no server starts with an empty database
        STAGE.nothingRestartsFor(Duration.ofSeconds(12), solo);
        assertThat(solo.podsThatAre("leading - broadcast")).isEmpty();
        assertThat(solo.condition("Stalled")).isEqualTo("True");
    }
}
