package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.ClusterFaults;
import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Figures;
import dev.ensembled.e2e.harness.PodHistory.Takedown;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** Disruptions during a roll: a node is drained, the network isolates a server, a node loses power. */
@Isolated("breaks parts of the cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIfEnvironmentVariable(
        named = "ENSEMBLED_TEST_CLUSTER",
        matches = ".+",
        disabledReason = "breaks parts of the cluster itself, so it needs ENSEMBLED_TEST_CLUSTER")
class NodeDisruptionIT {
    @RegisterExtension
    static final Stage STAGE = new Stage("others");

    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        file = STAGE.file("nifi", 3).with("rollout: {settle: 4s, progressDeadline: 60s}");
        ensemble = STAGE.create(file);
    }

    @Test
    @Order(1)
    void drainDuringARolloutWaitsForItsTurnAndBothFinish() throws Exception {
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            // Given a roll with one server down
            load.begin();
            Instant start = Instant.now();
            String commit = STAGE.push(file.maxClientConnections(41));
            String first = STAGE.awaitTakedown(ensemble, start).pod();
            // When another server's node is drained
            String other = ensemble.followers().stream()
                    .filter(pod -> !pod.equals(first))
                    .findFirst()
                    .orElseGet(load::leader);
            String node = ensemble.pods().now().get(other).node();
            Duration drained = drain(node, other);
            STAGE.awaitSettled(ensemble, commit);
            // Then at most one server was down at any time, and each server runs as wanted
            RollFigures figures = load.end();
            assertThat(figures.pods().takedowns()).allSatisfy(takedown -> {
                assertThat(takedown.evicted()).isTrue();
                assertThat(takedown.othersDown())
                        .as("down when %s left", takedown.pod())
                        .isEmpty();
            });
            assertThat(ensemble.everyServerHas("maxClientCnxns", "41")).isTrue();
            assertThat(figures.missing()).isEmpty();
            List<String> lines = new ArrayList<>(RollFigures.HEADER);
            lines.add(figures.row("drained meanwhile, in " + Figures.seconds(drained)));
            Report.add("A drain in the middle of a roll", lines);
        }
    }

    /** Drains the node of this pod, and makes it schedulable again as soon as the pod has left it. */
    private static Duration drain(String node, String pod) throws Exception {
        Instant start = Instant.now();
        String uid = ensemble.pods().uids().get(pod);
        CompletableFuture<String> drain = CompletableFuture.supplyAsync(() -> TestCluster.kubectl(
                        "drain",
                        node,
                        "--ignore-daemonsets",
                        "--delete-emptydir-data",
                        "--timeout=110s",
                        "--pod-selector",
                        "app.kubernetes.io/name=zookeeper,app.kubernetes.io/instance=nifi")
                .within(Duration.ofMinutes(2))
                .run());
        try {
            drain.get(2, TimeUnit.MINUTES);
            assertThat(ensemble.pods().uids().get(pod)).isNotEqualTo(uid);
            return Duration.between(start, Instant.now());
        } finally {
            TestCluster.kubectl("uncordon", node).run();
        }
    }

    @Test
    @Order(2)
    void rolloutPausesWhileAServerIsCutOff() {
        ClusterFaults faults = new ClusterFaults();
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            // Given a roll whose first server is back
            load.begin();
            Instant start = Instant.now();
            String commit = STAGE.push(file.maxClientConnections(42));
            Takedown first = STAGE.awaitTakedown(ensemble, start);
            await("the first is back")
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> ensemble.pods().since(start).back(first).isPresent());
            // When another follower is isolated from all other pods
            String victim = ensemble.followers().stream()
                    .filter(pod -> !pod.equals(first.pod()))
                    .findFirst()
                    .orElseThrow();
            try {
                faults.isolate(STAGE.namespace(), victim);
                Instant cut = Instant.now();
                // Then the status names it, and no server is restarted
                String member = "member " + (Integer.parseInt(victim.substring("nifi-".length())) + 1);
                await("held").atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
                    assertThat(ensemble.status("rollout", "gate")).isIn("unknown-member", "member-down");
                    assertThat(ensemble.status("rollout", "reason")).contains(member);
                });
                STAGE.nothingRestartsFor(Duration.ofSeconds(8), ensemble);
                assertThat(ensemble.pods().since(cut).takedowns()).isEmpty();
            } finally {
                faults.heal();
            }
            // When the partition is healed, then the roll continues without a person
            STAGE.awaitSettled(ensemble, commit);
            RollFigures figures = load.end();
            assertThat(figures.pods().order()).hasSize(3).doesNotHaveDuplicates();
            assertThat(figures.missing()).isEmpty();
            List<String> lines = new ArrayList<>(RollFigures.HEADER);
            lines.add(figures.row("one server cut off meanwhile"));
            Report.add("A partition of one server in the middle of a roll", lines);
        }
    }

    @Test
    @Order(3)
    void revertHealsWhileANodeIsDown() {
        ClusterFaults faults = new ClusterFaults();
        // Given a roll that is stuck at its first member
        EnsembleFile quick =
                file.with("rollout: {settle: 1s, progressDeadline: 15s}").maxClientConnections(42);
        STAGE.awaitSettled(ensemble, STAGE.push(quick));
        String leader = ensemble.podsThatAre("leading - broadcast").get(0);
        Instant start = Instant.now();
        STAGE.push(quick.with("image: docker.io/library/zookeeper:no-such-version"));
        STAGE.awaitStalled(ensemble, "MemberImage");
        String broken = ensemble.pods().since(start).order().get(0);
        String other = ensemble.followers().get(0);
        Map<String, String> uids = ensemble.pods().uids();
        String node = ensemble.pods().now().get(other).node();
        STAGE.daemon().moveAwayFrom(node);
        try {
            // When the node of the other follower loses power, and the commit is reverted
            faults.stopNode(node);
            String commit = STAGE.push(quick);
            // Then the broken pod is replaced, and its server serves with the leader
            await("a quorum on the nodes that are there")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> ensemble.followers().contains(broken)
                            || ensemble.podsThatAre("leading - broadcast").contains(broken));
            // When the node is back, then all members are healthy, and no other pod was replaced
            faults.startNode(node);
            STAGE.awaitSettled(ensemble, commit);
            assertThat(ensemble.pods().uids())
                    .containsEntry(leader, uids.get(leader))
                    .containsEntry(other, uids.get(other));
        } finally {
            faults.startNode(node);
        }
    }
}
