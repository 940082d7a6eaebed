package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.ClusterFaults;
import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.PodEvent;
import dev.ensembled.e2e.harness.PodHistory;
import dev.ensembled.e2e.harness.ServerWords;
import dev.ensembled.e2e.harness.Stage;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Scenario 9: what cannot be seen is never fine, so nothing disruptive happens while it cannot be seen. */
class BlindIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String OUR_CLUSTER = "breaks parts of the cluster itself, so it needs ENSEMBLED_TEST_CLUSTER";

    @RegisterExtension
    static final Stage STAGE = new Stage("blind");

    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        file = STAGE.file("hadoop", 3);
        ensemble = STAGE.create(file);
    }

    @Test
    void keepsTheLastGoodCommitWhileTheGitServerIsAwayAndCatchesUp() {
        // Given a change that was pushed while nobody can fetch it
        Instant start = Instant.now();
        STAGE.git().goAway();
        String commit = STAGE.pushWithoutHint(file.maxClientConnections(51));
        STAGE.daemon().hint();
        // Then nothing happens for longer than the daemon's interval, and it stays ready to act
        STAGE.nothingRestartsFor(Duration.ofSeconds(13), ensemble);
        assertThat(STAGE.daemon().get("/q/health/ready")).contains("\"status\": \"UP\"");
        assertThat(STAGE.daemon().get("/q/health/live")).contains("\"status\": \"UP\"");
        // When the server is back, then the change is rolled out
        STAGE.git().comeBack();
        STAGE.awaitSettled(ensemble, commit);
        assertThat(ensemble.pods().since(start).order()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void continuesARollInWhichTheApiServerWasAway() {
        // Given a roll with one server away
        Instant start = Instant.now();
        String commit = STAGE.push(file.maxClientConnections(52));
        STAGE.awaitTakedown(ensemble, start);
        // When the API server restarts
        new ClusterFaults().restartApiServer();
        STAGE.awaitSettled(ensemble, commit);
        // Then each server has been restarted once, one at a time
        PodHistory pods = ensemble.pods().since(start);
        assertThat(pods.order()).hasSize(3).doesNotHaveDuplicates();
        assertThat(pods.takedowns())
                .allSatisfy(takedown -> assertThat(takedown.othersDown()).isEmpty());
        assertThat(ensemble.everyServerHas("maxClientCnxns", "52")).isTrue();
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void restartsNobodyWhileAServerDoesNotAnswer() {
        // Given a follower that is frozen
        PodEvent frozen = ensemble.pods().now().values().stream()
                .filter(pod -> ServerWords.peerState(pod.address())
                        .filter("following - broadcast"::equals)
                        .isPresent())
                .findFirst()
                .orElseThrow();
        ClusterFaults faults = new ClusterFaults();
        faults.pause(frozen);
        Instant start = Instant.now();
        try {
            // When a change is pushed
            String commit = STAGE.push(file.maxClientConnections(53));
            // Then the status says that this member is unknown, and nothing restarts
            await("held").atMost(PATIENCE).untilAsserted(() -> assertThat(ensemble.status("rollout", "gate"))
                    .isEqualTo("unknown-member"));
            STAGE.nothingRestartsFor(Duration.ofSeconds(15), ensemble);
            assertThat(ensemble.pods().since(start).takedowns()).isEmpty();
            // When it answers again, then the roll goes on by itself
            faults.resume(frozen);
            STAGE.awaitSettled(ensemble, commit);
            assertThat(ensemble.pods().since(start).order()).hasSize(3).doesNotHaveDuplicates();
        } finally {
            faults.resumeIfThere(frozen);
        }
    }
}
