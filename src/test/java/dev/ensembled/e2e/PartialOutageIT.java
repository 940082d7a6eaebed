package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.ClusterFaults;
import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.PodEvent;
import dev.ensembled.e2e.harness.PodHistory;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.ServerWords;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.SuperUserSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Scenario 9: what cannot be observed is unknown, and nothing disruptive happens while it is (docs/invariants.md, rule
 * 1).
 */
@Isolated("breaks parts of the cluster")
class PartialOutageIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String OUR_CLUSTER = "breaks parts of the cluster itself, so it needs ENSEMBLED_TEST_CLUSTER";

    private static final String ELSEWHERE = "127.0.0.9";

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
    void lastGoodCommitIsKeptDuringAGitOutage() {
        // Given a change that was pushed while the Git server is away
        Instant start = Instant.now();
        STAGE.git().goAway();
        String commit = STAGE.pushWithoutHint(file.maxClientConnections(51));
        STAGE.daemon().hint();
        // Then no pod changes for longer than the daemon's interval, and the daemon stays ready
        STAGE.nothingRestartsFor(Duration.ofSeconds(13), ensemble);
        assertThat(STAGE.daemon().get("/q/health/ready")).contains("\"status\": \"UP\"");
        assertThat(STAGE.daemon().get("/q/health/live")).contains("\"status\": \"UP\"");
        // When the Git server is back, then the change is rolled out
        STAGE.git().comeBack();
        STAGE.awaitSettled(ensemble, commit);
        assertThat(ensemble.pods().since(start).order()).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void rolloutContinuesAfterAnApiServerOutage() {
        // Given a roll with one server down
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
    void noMemberIsRestartedWhileAServerDoesNotAnswer() {
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
            // Then the status reports that this member is unknown, and nothing restarts
            await("held").atMost(TIMEOUT).untilAsserted(() -> assertThat(ensemble.status("rollout", "gate"))
                    .isEqualTo("unknown-member"));
            STAGE.nothingRestartsFor(Duration.ofSeconds(15), ensemble);
            assertThat(ensemble.pods().since(start).takedowns()).isEmpty();
            // When it answers again, then the roll continues without a person
            faults.resume(frozen);
            STAGE.awaitSettled(ensemble, commit);
            assertThat(ensemble.pods().since(start).order()).hasSize(3).doesNotHaveDuplicates();
        } finally {
            faults.resumeIfThere(frozen);
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void budgetWithAnOutdatedStatusIsNotTrusted() {
        // Given a change that waits only for the end of a pause
        EnsembleFile changed = file.maxClientConnections(54);
        String paused = STAGE.push(changed.with("rollout: {settle: 2s, progressDeadline: 30s, paused: true}"));
        assertThat(STAGE.awaitGate(ensemble, paused, "paused")).contains("3 members");
        Instant start = Instant.now();
        new ClusterFaults().whileFrozen("controller-manager", () -> {
            // When the pause ends and the budget allows nothing, while the disruption controller does not update
            // budgets
            String commit = STAGE.push(changed.with("budget: {maxUnavailable: 0}"));
            // Then the budget is named, although its status still allows a disruption, and no server is restarted
            assertThat(STAGE.awaitGate(ensemble, commit, "budget"))
                    .contains("the status of budget hadoop-budget is behind its spec");
            assertThat(disruptionsAllowed()).isEqualTo(1);
            STAGE.nothingRestartsFor(Duration.ofSeconds(6), ensemble);
            assertThat(ensemble.pods().since(start).takedowns()).isEmpty();
        });
        // When the budget's status is updated again, then still no server is restarted, since it allows nothing
        await("counted").atMost(TIMEOUT).untilAsserted(() -> assertThat(ensemble.status("rollout", "reason"))
                .contains("blocked by budget hadoop-budget"));
        STAGE.nothingRestartsFor(Duration.ofSeconds(4), ensemble);
        // When the budget allows one disruption again, then the roll continues without a person
        STAGE.awaitSettled(ensemble, STAGE.push(changed));
        PodHistory pods = ensemble.pods().since(start);
        assertThat(pods.order()).hasSize(3).doesNotHaveDuplicates();
        assertThat(pods.takedowns())
                .allSatisfy(takedown -> assertThat(takedown.othersDown()).isEmpty());
    }

    private static int disruptionsAllowed() {
        return STAGE.client()
                .policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(STAGE.namespace())
                .withName("hadoop-budget")
                .get()
                .getStatus()
                .getDisruptionsAllowed();
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    @Tag("long")
    void nonCommittingLeaderIsMoved() {
        refreshAddresses();
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            // Given a leader whose own name resolves to another address than when it was started
            load.begin();
            Instant start = Instant.now();
            PodEvent leader = ensemble.pods().now().get(load.leader());
            new ClusterFaults().misname(leader, host(leader.pod()), ELSEWHERE);
            // When a client other than ensembled reconfigures with the same members (ZOOKEEPER-4708)
            superUser().nameAllMembersAgain(leader.address());
            // Then no write is answered, although all servers report that they serve
            int written = writesEnd(load);
            assertThat(ensemble.podsThatAre("leading - broadcast")).containsExactly(leader.pod());
            assertThat(ensemble.followers()).hasSize(2);
            // And the sanity test of ensembled detects it, and ensembled makes another server lead
            RollFigures figures = anotherOneLeads(load, leader, start, written);
            assertThat(figures.pods().takedowns().get(0).evicted()).isTrue();
            assertThat(ensemble.events("RestartingMember")).anyMatch(text -> text.contains("ZOOKEEPER-4708"));
            report("until another one led", figures);
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ENSEMBLED_TEST_CLUSTER", matches = ".+", disabledReason = OUR_CLUSTER)
    void nonCommittingLeaderWithoutFollowersIsReplaced() {
        refreshAddresses();
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            // Given a leader in this state, and a follower that resolves another follower to another address than
            // before
            load.begin();
            Instant start = Instant.now();
            ClusterFaults faults = new ClusterFaults();
            PodEvent leader = ensemble.pods().now().get(load.leader());
            PodEvent leaves = ensemble.pods().now().get(ensemble.followers().get(0));
            String stays = host(ensemble.followers().get(1));
            faults.misname(leader, host(leader.pod()), ELSEWHERE);
            faults.misname(leaves, stays, ELSEWHERE);
            // When the same members are configured again, then that follower starts an election, and the other one
            // stays
            superUser().nameAllMembersAgain(leader.address());
            await("it looks for a leader").atMost(TIMEOUT).until(() -> ServerWords.peerState(leaves.address())
                    .filter(state -> state.endsWith("broadcast"))
                    .isEmpty());
            faults.nameRightly(leaves, stays, ELSEWHERE);
            int written = writesEnd(load);
            // Then ensembled replaces that leader, which no budget would allow
            RollFigures figures = anotherOneLeads(load, leader, start, written);
            assertThat(figures.pods().takedowns().get(0).evicted()).isFalse();
            assertThat(ensemble.events("ReplacingMember")).anyMatch(text -> text.contains("ZOOKEEPER-4708"));
            report("until another one led, one follower away", figures);
        }
    }

    /** Makes each server know the current addresses of the others, as after their last reconfiguration. */
    private static void refreshAddresses() {
        String before = ensemble.status("configVersion");
        superUser()
                .nameAllMembersAgain(ensemble.pods()
                        .now()
                        .get(ensemble.podsThatAre("leading - broadcast").get(0))
                        .address());
        await("all serve, proven by a write").atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(ensemble.status("configVersion")).isNotEqualTo(before);
            assertThat(ensemble.followers()).hasSize(2);
            assertThat(ensemble.condition("Ready")).isEqualTo("True");
            assertThat(ensemble.status("sanityTested")).endsWith("/" + ensemble.status("configVersion"));
        });
    }

    private static SuperUserSession superUser() {
        return new SuperUserSession(STAGE.client(), STAGE.namespace(), "hadoop");
    }

    private static String host(String pod) {
        return pod + ".hadoop-headless." + STAGE.namespace() + ".svc";
    }

    /** Waits until no write has been answered for three seconds, and returns how many were answered until then. */
    private static int writesEnd(RollUnderLoad load) {
        Duration silence = Duration.ofSeconds(3);
        AtomicInteger written = new AtomicInteger(load.acknowledged());
        await("no write is answered")
                .pollDelay(silence)
                .pollInterval(silence)
                .atMost(TIMEOUT)
                .until(() -> load.acknowledged() == written.getAndSet(load.acknowledged()));
        return written.get();
    }

    /** By a takedown of the non-committing leader and of no other pod. */
    private static RollFigures anotherOneLeads(RollUnderLoad load, PodEvent mute, Instant start, int written) {
        await("the gate").atMost(TIMEOUT).untilAsserted(() -> assertThat(ensemble.status("rollout", "gate"))
                .isEqualTo("sanity-test"));
        assertThat(STAGE.awaitTakedown(ensemble, start).pod()).isEqualTo(mute.pod());
        await("writes are answered").atMost(TIMEOUT).until(() -> load.acknowledged() > written + 100);
        await("whole").atMost(TIMEOUT).untilAsserted(() -> assertThat(ensemble.condition("Ready"))
                .isEqualTo("True"));
        RollFigures figures = load.end();
        assertThat(figures.pods().order()).containsExactly(mute.pod());
        assertThat(figures.leaders().leaderChanges()).isEqualTo(1);
        assertThat(figures.missing()).isEmpty();
        return figures;
    }

    private static void report(String what, RollFigures figures) {
        List<String> lines = new ArrayList<>(RollFigures.HEADER);
        lines.add(figures.row(what));
        Report.add("A leader that commits nothing (ZOOKEEPER-4708), " + what, lines);
    }
}
