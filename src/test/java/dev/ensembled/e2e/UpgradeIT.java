package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.PodHistory;
import dev.ensembled.e2e.harness.PodHistory.Takedown;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Another version of ZooKeeper: one server first, with a soak period, then the others, the leader last. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpgradeIT {
    private static final Duration SOAK = Duration.ofSeconds(10);

    @RegisterExtension
    static final Stage STAGE = new Stage("upgrade");

    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        file = STAGE.file("kafka", 3)
                .with("config: {admin.enableServer: 'true'}")
                .with("rollout: {settle: 1s, progressDeadline: 60s, soak: " + SOAK.toSeconds() + "s}");
        ensemble = STAGE.create(file.with("version: 3.8.6"));
    }

    @Test
    @Order(1)
    void revertDuringTheUpgradeGoesBack() {
        assertThat(ensemble.everyServerRuns("3.8.6")).isTrue();
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            load.begin();
            // Given one server that runs the newer version, in its soak period
            STAGE.push(file.with("version: 3.9.5"));
            await("one has gone ahead").atMost(Duration.ofMinutes(1)).until(() -> ensemble.versions()
                    .containsValue("3.9.5"));
            // When the commit is reverted
            STAGE.awaitSettled(ensemble, STAGE.push(file.with("version: 3.8.6")));
            // Then that server is back at the version that the others never left
            RollFigures figures = load.end();
            assertThat(ensemble.everyServerRuns("3.8.6")).isTrue();
            assertThat(figures.pods().order())
                    .hasSize(2)
                    .containsOnly(figures.pods().order().get(0));
            assertThat(figures.missing()).isEmpty();
            assertThat(figures.leaders().leaderChanges()).isZero();
        }
    }

    @Test
    @Order(2)
    void ensembleUpgradesToTheNextMinorVersion() {
        upgrades("3.8.6", "3.9.5");
    }

    @Test
    @Order(3)
    void downgradeToTheOlderMinorVersionIsRefused() {
        // When the older version is wanted again
        STAGE.push(file.with("version: 3.8.6"));
        // Then it is refused with a reason, and every server stays
        assertThat(STAGE.awaitStalled(ensemble, "Refused")).contains("3.9.5", "3.8.6", "spec.allow.downgrade");
        STAGE.nothingRestartsFor(Duration.ofSeconds(4), ensemble);
        assertThat(ensemble.everyServerRuns("3.9.5")).isTrue();
    }

    @Test
    @Order(4)
    @Tag("long")
    void ensembleGoesBackByAPatchLevelAndForwardAgain() {
        STAGE.awaitSettled(ensemble, STAGE.push(file.with("version: 3.9.4")));
        assertThat(ensemble.everyServerRuns("3.9.4")).isTrue();
        upgrades("3.9.4", "3.9.5");
        // And before the first server left, one had written a snapshot, which servers can do on request since 3.9
        assertThat(ensemble.events("SnapshotTaken"))
                .anySatisfy(event -> assertThat(event).contains("3.9.5"));
    }

    @Test
    @Order(5)
    void imageOfAnotherVersionStallsAfterOneRestart() {
        Instant start = Instant.now();
        // When the spec names one version, and an image of another version
        STAGE.push(file.with("version: 3.9.4").with("image: docker.io/library/zookeeper:3.9.5"));
        // Then that is reported after one server was restarted without effect
        assertThat(STAGE.awaitStalled(ensemble, "EffectiveState")).contains("3.9.4", "3.9.5");
        STAGE.nothingRestartsFor(Duration.ofSeconds(4), ensemble);
        String tried = ensemble.pods().since(start).order().get(0);
        assertThat(ensemble.pods().since(start).order()).containsOnly(tried);
        // When the version is corrected, then the ensemble is ready
        STAGE.awaitSettled(
                ensemble, STAGE.push(file.with("version: 3.9.5").with("image: docker.io/library/zookeeper:3.9.5")));
    }

    private static void upgrades(String from, String to) {
        assertThat(ensemble.everyServerRuns(from)).isTrue();
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            String leader = load.leader();
            // When the version changes
            load.begin();
            STAGE.awaitSettled(ensemble, STAGE.push(file.with("version: " + to)));
            RollFigures figures = load.end();
            // Then every server runs it and was restarted once, one at a time, the leader last
            assertThat(ensemble.everyServerRuns(to)).isTrue();
            PodHistory pods = figures.pods();
            assertThat(pods.order()).hasSize(3).doesNotHaveDuplicates().last().isEqualTo(leader);
            assertThat(pods.takedowns()).allSatisfy(takedown -> assertThat(takedown.othersDown())
                    .as("down when %s left", takedown.pod())
                    .isEmpty());
            assertThat(figures.leaders().leaderChanges()).isEqualTo(1);
            // And the soak period of the first server had ended before the second one left
            List<Takedown> takedowns = pods.takedowns();
            Instant firstIsBack = pods.back(takedowns.get(0)).orElseThrow();
            assertThat(Duration.between(firstIsBack, takedowns.get(1).at()))
                    .isGreaterThan(SOAK.minusSeconds(2)); // the API reports whole seconds
            assertThat(figures.missing()).isEmpty();
            List<String> lines = new ArrayList<>(RollFigures.HEADER);
            lines.add(figures.row(from + " to " + to));
            Report.add("Upgrade from " + from + " to " + to, lines);
        }
    }
}
