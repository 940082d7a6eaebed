package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.Ballast;
import dev.ensembled.e2e.harness.ClusterFaults;
import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Figures;
import dev.ensembled.e2e.harness.PodEvent;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that is still receiving data from the others is late, and has not failed. */
@EnabledIfEnvironmentVariable(
        named = "ENSEMBLED_TEST_CLUSTER",
        matches = ".+",
        disabledReason = "makes a pod's network slow, so it needs ENSEMBLED_TEST_CLUSTER")
@Tag("long")
class LateMemberIT {
    private static final Duration PROGRESS_DEADLINE = Duration.ofSeconds(15);
    private static final int MEGABYTES = 40;
    /** What the daemon adds to the progress deadline for this amount of data. */
    private static final Duration FOR_THE_DATA = Duration.ofSeconds(MEGABYTES / 4);

    @RegisterExtension
    static final Stage STAGE = new Stage("late");

    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        file = STAGE.file("hbase", 1)
                .with("config: {initLimit: 100}")
                .with("jvm: {heap: 256Mi}")
                .with("rollout: {settle: 1s, progressDeadline: " + PROGRESS_DEADLINE.toSeconds() + "s}");
        ensemble = STAGE.create(file);
    }

    @Test
    void lateMemberIsWaitedForWhileItMovesData() {
        // Given a leader with much data and little network bandwidth
        PodEvent leader = ensemble.pods().now().get(ensemble.pod(0));
        Ballast.load(leader.address(), MEGABYTES);
        new ClusterFaults().throttle(leader, 8);
        // When a server is added
        Instant start = Instant.now();
        String commit = STAGE.push(file.observers(1));
        // Then the server takes longer than the progress deadline, is never reported as failed, and joins
        List<String> reports = new ArrayList<>();
        await("the new server is a member")
                .pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofMinutes(3))
                .until(() -> {
                    assertThat(ensemble.condition("Stalled"))
                            .as(ensemble.wholeStatus())
                            .isNotEqualTo("True");
                    reports.add(ensemble.status("rollout", "reason"));
                    return ensemble.podsThatAre("observing - broadcast").contains(ensemble.pod(1));
                });
        Duration took = Duration.between(start, Instant.now());
        assertThat(took).isGreaterThan(PROGRESS_DEADLINE.plus(FOR_THE_DATA));
        assertThat(reports).anyMatch(reason -> reason.contains("it still moves data"));
        STAGE.awaitSettled(ensemble, commit);
        assertThat(ensemble.pods().since(start).takedowns()).isEmpty();
        Report.add(
                "A server that is late",
                List.of("- " + MEGABYTES + " MB at 8 Mbit/s: a member after " + Figures.seconds(took)
                        + ", with a progressDeadline of " + Figures.seconds(PROGRESS_DEADLINE) + "; never stalled"));
    }
}
