package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Figures;
import dev.ensembled.e2e.harness.Ledger;
import dev.ensembled.e2e.harness.PodEvent;
import dev.ensembled.e2e.harness.PodHistory;
import dev.ensembled.e2e.harness.PodHistory.Takedown;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.TutorialEnsemble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** Scenarios 1, 2, 5 and 6: an ensemble is bootstrapped, and rolls one server at a time whatever happens meanwhile. */
@Isolated("measures")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RollIT {
    @RegisterExtension
    static final Stage STAGE = new Stage("roll");

    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        file = STAGE.file("kafka", 3);
        Instant pushed = Instant.now();
        ensemble = STAGE.create(file);
        List<String> lines = new ArrayList<>(STAGE.daemon().figures());
        lines.add("- push of a new ensemble to Ready: " + Figures.seconds(Duration.between(pushed, Instant.now())));
        Report.add("The daemon", lines);
    }

    @Test
    @Order(1)
    void ensembleOnThreeNodesKeepsWhatItAcknowledges() {
        // Then three servers serve on three nodes
        assertThat(ensemble.pods().now().values())
                .extracting(PodEvent::node)
                .doesNotHaveDuplicates()
                .hasSize(3);
        assertThat(ensemble.servesAtNewestRevision()).isTrue();
        // And what the daemon has written for its sanity test is on each server
        assertThat(ensemble.pods().addresses().values())
                .allSatisfy(address -> assertThat(Ledger.childrenAfterSync(address, "/ensembled/sanity"))
                        .containsExactly(STAGE.namespace() + ".kafka"));
        // And a client's writes through the Service are on each server
        try (Ledger ledger = Ledger.open(ensemble.clientAddress())) {
            ledger.stop();
            assertThat(ledger.missingFrom(ensemble.pods().addresses().values())).isEmpty();
        }
    }

    @Test
    @Order(2)
    void pushedChangeRestartsTheLeaderLastWithoutALostWrite() {
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            // Given an ensemble under load
            String leader = load.leader();
            // When a change of its configuration is pushed
            load.begin();
            Instant pushed = Instant.now();
            STAGE.awaitSettled(ensemble, STAGE.push(file.maxClientConnections(71)));
            RollFigures roll = load.end();
            // Then each server runs with it
            assertThat(ensemble.everyServerHas("maxClientCnxns", "71")).isTrue();
            // And they were evicted one at a time, the leader last
            PodHistory pods = roll.pods();
            assertThat(pods.takedowns()).hasSize(3).allSatisfy(RollIT::evictedWhileTheOthersWereUp);
            assertThat(pods.order()).doesNotHaveDuplicates().last().isEqualTo(leader);
            assertThat(pods.mostAwayAtOnce()).isEqualTo(1);
            // And the leader changed once, and every server has every acknowledged write
            assertThat(roll.leaders().leaderChanges()).isEqualTo(1);
            assertThat(roll.missing()).isEmpty();
            report(roll, Duration.between(pushed, pods.takedowns().get(0).at()));
        }
    }

    private static void evictedWhileTheOthersWereUp(Takedown takedown) {
        assertThat(takedown.evicted())
                .as("%s leaves by eviction", takedown.pod())
                .isTrue();
        assertThat(takedown.othersDown())
                .as("down when %s left", takedown.pod())
                .isEmpty();
    }

    private static void report(RollFigures ours, Duration pushToEviction) {
        List<String> lines = new ArrayList<>(RollFigures.HEADER);
        lines.add(ours.row("ensembled"));
        lines.add("");
        lines.add("Each server, from the moment that it was asked to leave:");
        lines.add("");
        ours.pods().takedowns().forEach(takedown -> lines.add("- " + ours.pods().parts(takedown)));
        lines.add("");
        lines.add("Push to first eviction, with a hint: " + Figures.seconds(pushToEviction));
        Report.add("A roll of three servers, four writers", lines);
    }

    @Test
    @Order(5)
    @Tag("long")
    void measuresTheRollOfAStatefulSetForComparison() {
        try (TutorialEnsemble tutorial = new TutorialEnsemble(STAGE.client(), STAGE.namespace() + "-tutorial")) {
            RollFigures figures = tutorial.roll();
            assertThat(figures.pods().takedowns()).hasSize(3);
            List<String> lines = new ArrayList<>(RollFigures.HEADER);
            lines.add(figures.row("StatefulSet, as the tutorial teaches"));
            Report.add("The same roll by Kubernetes", lines);
        }
    }

    @Test
    @Order(3)
    @Tag("long") // KillIT kills the daemon at each step
    void killedDaemonContinuesItsRolloutWithoutASecondRestart() {
        // Given a roll with one server down
        Instant start = Instant.now();
        String commit = STAGE.push(file.maxClientConnections(72));
        STAGE.awaitTakedown(ensemble, start);
        // When the daemon is killed
        STAGE.daemon().kill();
        STAGE.awaitSettled(ensemble, commit);
        // Then the next daemon has finished the roll
        assertThat(ensemble.everyServerHas("maxClientCnxns", "72")).isTrue();
        PodHistory pods = ensemble.pods().since(start);
        assertThat(pods.takedowns()).hasSize(3).allSatisfy(RollIT::evictedWhileTheOthersWereUp);
        assertThat(pods.order()).doesNotHaveDuplicates();
        assertThat(pods.mostAwayAtOnce()).isEqualTo(1);
    }

    @Test
    @Order(4)
    void rolloutWaitsForAPodThatSomebodyElseKilled() {
        // Given a roll with one server down, which the daemon has detected without a hint
        Instant start = Instant.now();
        STAGE.daemon().awaitReady();
        String commit = STAGE.pushWithoutHint(file.maxClientConnections(73));
        Takedown first = STAGE.awaitTakedown(ensemble, start);
        Report.add(
                "Push to first eviction, without a hint",
                List.of("One look in 10 s: " + Figures.seconds(Duration.between(start, first.at()))));
        // When another pod is killed, not by the daemon
        Map<String, String> uids = ensemble.pods().uids();
        String victim = uids.keySet().stream()
                .filter(pod -> !pod.equals(first.pod()))
                .findFirst()
                .orElseThrow();
        STAGE.client()
                .pods()
                .inNamespace(STAGE.namespace())
                .withName(victim)
                .withGracePeriod(0)
                .delete();
        STAGE.awaitSettled(ensemble, commit);
        // Then the daemon has taken down only the remaining members, and each while all others were up
        PodHistory pods = ensemble.pods().since(start);
        assertThat(pods.order()).hasSize(3).doesNotHaveDuplicates();
        // (The last member may have lost its leader to the two others; it is then replaced before it serves again)
        assertThat(first.evicted()).isTrue();
        assertThat(pods.takedowns())
                .filteredOn(takedown -> !takedown.uid().equals(uids.get(victim)))
                .hasSize(2)
                .allSatisfy(takedown -> assertThat(takedown.othersDown())
                        .as("down when %s left", takedown.pod())
                        .isEmpty());
        assertThat(ensemble.everyServerHas("maxClientCnxns", "73")).isTrue();
    }
}
