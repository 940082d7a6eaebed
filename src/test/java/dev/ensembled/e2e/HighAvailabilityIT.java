package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.ClusterFaults;
import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Figures;
import dev.ensembled.e2e.harness.PodHistory;
import dev.ensembled.e2e.harness.Replicas;
import dev.ensembled.e2e.harness.Replicas.Leader;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two replicas of the daemon, of which one acts: when another one takes over, the rollout goes on. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HighAvailabilityIT {
    @RegisterExtension
    static final Stage STAGE = new Stage("ha", "high-availability");

    private static final String OUR_CLUSTER = "freezes the daemon's process on a node of the test cluster";
    private static final int MEASURED = 5;

    private static Replicas replicas;
    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        replicas = new Replicas(STAGE.client(), STAGE.namespace());
        file = STAGE.file("kafka", 3).with("rollout: {settle: 2s, progressDeadline: 60s}");
        ensemble = STAGE.create(file);
    }

    @Test
    @Order(1)
    void leaderThatIsKilledInTheMiddleOfARollIsReplaced() {
        duringARoll(81, "leader killed", replicas::kill);
    }

    @Test
    @Order(2)
    @Tag("long")
    void rollOfTheDaemonItselfInTheMiddleOfARollChangesNothingForTheEnsemble() {
        duringARoll(82, "Deployment of the daemon rolled", leader -> replicas.roll());
    }

    private static void duringARoll(int connections, String title, Consumer<Leader> fault) {
        Leader before = replicas.awaitTwo();
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            String zooKeeperLeader = load.leader();
            load.begin();
            Instant start = Instant.now();
            // Given a roll with one server down
            String commit = STAGE.push(file.maxClientConnections(connections));
            STAGE.awaitTakedown(ensemble, start);
            // When the replica that leads goes
            fault.accept(before);
            // Then another one finishes the roll: each server once, one at a time, the leader last
            replicas.awaitOtherThan(before);
            STAGE.awaitSettled(ensemble, commit);
            RollFigures figures = load.end();
            assertRolledOnce(figures.pods());
            assertThat(figures.pods().order()).last().isEqualTo(zooKeeperLeader);
            assertThat(figures.missing()).isEmpty();
            assertThat(ensemble.everyServerHas("maxClientCnxns", Integer.toString(connections)))
                    .isTrue();
            List<String> lines = new ArrayList<>(RollFigures.HEADER);
            lines.add(figures.row(title));
            Report.add("A roll with another leader of the daemon: " + title, lines);
        }
    }

    private static void assertRolledOnce(PodHistory pods) {
        assertThat(pods.order()).hasSize(3).doesNotHaveDuplicates();
        assertThat(pods.takedowns()).allSatisfy(takedown -> {
            assertThat(takedown.evicted()).isTrue();
            assertThat(takedown.othersDown()).isEmpty();
        });
    }

    @Test
    @Order(3)
    @Tag("long")
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void frozenLeaderFindsThatItHasLostAndDoesNothing() {
        ClusterFaults faults = new ClusterFaults();
        Leader before = replicas.awaitTwo();
        int restarts = replicas.restarts(before);
        Instant start = Instant.now();
        // Given a roll with one server down, whose daemon is frozen
        String commit = STAGE.push(file.maxClientConnections(83));
        STAGE.awaitTakedown(ensemble, start);
        faults.pauseDaemon(before.uid());
        Leader after;
        try {
            after = replicas.awaitOtherThan(before);
            STAGE.awaitSettled(ensemble, commit);
        } finally {
            faults.resumeDaemon(before.uid());
        }
        // When it wakes up, then it ends, and no server is restarted a second time
        await("the frozen replica has started again")
                .atMost(Duration.ofMinutes(2))
                .until(() -> replicas.restarts(before) > restarts);
        STAGE.nothingRestartsFor(Duration.ofSeconds(5), ensemble);
        assertRolledOnce(ensemble.pods().since(start));
        assertThat(replicas.awaitTwo()).isEqualTo(after);
    }

    @Test
    @Order(4)
    @Tag("long")
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void measuresTakeovers() {
        ClusterFaults faults = new ClusterFaults();
        Report.add(
                "Takeovers by another replica",
                List.of(
                        "- ended in order: " + takeovers(replicas::end, leader -> {}),
                        "- killed: " + takeovers(replicas::kill, leader -> {}),
                        "- frozen: "
                                + takeovers(
                                        leader -> faults.pauseDaemon(leader.uid()),
                                        leader -> faults.resumeDaemon(leader.uid()))));
    }

    /** The times from a fault until another replica holds the Lease. */
    private static String takeovers(Consumer<Leader> fault, Consumer<Leader> repair) {
        List<String> times = new ArrayList<>();
        for (int i = 0; i < MEASURED; i++) {
            Leader before = replicas.awaitTwo();
            int transitions = replicas.transitions();
            Instant start = Instant.now();
            fault.accept(before);
            try {
                replicas.awaitOtherThan(before);
            } finally {
                repair.accept(before);
            }
            times.add(Figures.seconds(Duration.between(start, Instant.now())));
            assertThat(replicas.transitions()).isEqualTo(transitions + 1);
        }
        return String.join(", ", times);
    }
}
