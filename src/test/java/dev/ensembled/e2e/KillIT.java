package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.PodHistory;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon is killed after each of its actions, and the roll is the same as without the kills. */
class KillIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(9);

    @RegisterExtension
    static final Stage STAGE = new Stage("kill");

    @Test
    void daemonKilledAtEveryStepRestartsEachServerOnce() {
        EnsembleFile file = STAGE.file("kafka", 3).with("rollout: {settle: 1s, progressDeadline: 60s}");
        Ensemble ensemble = STAGE.create(file);
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            String leader = load.leader();
            load.begin();
            // When a change is pushed, and the daemon is killed after each change that it makes
            String commit = STAGE.push(file.maxClientConnections(91));
            int kills = killAtEveryStep(ensemble, commit);
            STAGE.awaitSettled(ensemble, commit);
            RollFigures figures = load.end();
            // Then each server was restarted once, by eviction and one at a time, the leader last
            PodHistory pods = figures.pods();
            assertThat(pods.order()).hasSize(3).doesNotHaveDuplicates().last().isEqualTo(leader);
            assertThat(pods.takedowns()).allSatisfy(takedown -> {
                assertThat(takedown.evicted()).isTrue();
                assertThat(takedown.othersDown()).isEmpty();
            });
            assertThat(ensemble.everyServerHas("maxClientCnxns", "91")).isTrue();
            assertThat(figures.leaders().leaderChanges()).isEqualTo(1);
            assertThat(figures.missing()).isEmpty();
            // And the daemon was killed at least after each takedown and each return
            assertThat(kills).isGreaterThanOrEqualTo(6);
            List<String> lines = new ArrayList<>(RollFigures.HEADER);
            lines.add(figures.row("killed " + kills + " times"));
            Report.add("A roll whose daemon is killed at every step", lines);
        }
    }

    private static int killAtEveryStep(Ensemble ensemble, String commit) {
        Instant deadline = Instant.now().plus(TIMEOUT.multipliedBy(2));
        int kills = 0;
        String last = boundary(ensemble);
        while (!isDone(ensemble, commit)) {
            assertThat(Instant.now())
                    .as("killed %d times; status %s", kills, ensemble.wholeStatus())
                    .isBefore(deadline);
            String now = boundary(ensemble);
            if (!now.equals(last)) {
                last = now;
                kills++;
                STAGE.daemon().kill();
                STAGE.daemon().awaitReady();
            }
        }
        return kills;
    }

    private static boolean isDone(Ensemble ensemble, String commit) {
        return ensemble.status("source", "commit").equals(commit)
                && ensemble.condition("Ready").equals("True")
                && ensemble.everyServerHas("maxClientCnxns", "91");
    }

    /**
     * What a step leaves behind: objects that were applied, a pod that leaves or is back, a sanity test that was passed.
     * The announcements in the status are not included: a daemon that is killed during its call to the Eviction API may
     * leave the budget used up by a pod that stays, for two minutes, and so again and again.
     */
    private static String boundary(Ensemble ensemble) {
        return ensemble.statefulSet().getMetadata().getGeneration()
                + ensemble.status("sanityTested")
                + ensemble.pods().now().values().stream()
                        .map(pod -> pod.uid() + (pod.terminating() ? " leaves" : pod.ready() ? " ready" : ""))
                        .toList();
    }
}
