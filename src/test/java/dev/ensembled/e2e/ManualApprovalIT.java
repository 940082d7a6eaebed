package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Decisions of people: when servers may be restarted, which step needs an approval, and which loss is accepted. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ManualApprovalIT {
    private static final Duration A_WHILE = Duration.ofSeconds(4);
    private static final String ROLLOUT = "rollout: {settle: 1s, progressDeadline: 60s%s}";
    private static final Pattern COMMAND =
            Pattern.compile("kubectl -n \\S+ annotate .* ensembled\\.dev/[a-z-]+=(\\$\\([^)]*\\)|\\S+)");

    @RegisterExtension
    static final Stage STAGE = new Stage("people");

    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        file = STAGE.file("hbase", 3).with(ROLLOUT.formatted(""));
        ensemble = STAGE.create(file);
    }

    @Test
    @Order(1)
    void rolloutWaitsOutsideOfEveryWindowUntilAPersonAsks() {
        EnsembleFile closed = file.with(ROLLOUT.formatted(", windows: [{cron: " + inHalfAYear() + ", duration: 1h}]"));
        // Given a change that is pushed outside all maintenance windows
        Instant start = Instant.now();
        String commit = STAGE.push(closed.maxClientConnections(71));
        // Then the status reports when the next window opens, and no server is restarted
        String reason = STAGE.awaitGate(ensemble, commit, "window");
        assertThat(reason)
                .contains("the next window opens at "
                        + LocalDate.now(ZoneOffset.UTC).plusMonths(6).getYear());
        STAGE.nothingRestartsFor(A_WHILE, ensemble);
        assertThat(ensemble.pods().since(start).takedowns()).isEmpty();
        // When a person runs the command that the status gives, then that change is rolled out completely
        asTheStatusTells(reason);
        STAGE.awaitSettled(ensemble, commit);
        assertThat(ensemble.pods().since(start).order()).hasSize(3).doesNotHaveDuplicates();
        // But the next change waits again, and so does a change of the membership
        EnsembleFile larger = closed.maxClientConnections(71).observers(1);
        assertThat(STAGE.awaitGate(ensemble, STAGE.push(larger), "window")).contains("opens at");
        STAGE.nothingRestartsFor(A_WHILE, ensemble);
        assertThat(ensemble.podsThatAre("observing - broadcast")).isEmpty();
        // When a window opens, then both are rolled out
        EnsembleFile open = file.with(ROLLOUT.formatted(", windows: [{cron: '* * * * *', duration: 1h}]"));
        STAGE.awaitSettled(ensemble, STAGE.push(open.maxClientConnections(72)));
        assertThat(ensemble.everyServerHas("maxClientCnxns", "72")).isTrue();
    }

    private static String inHalfAYear() {
        return "'0 0 1 " + LocalDate.now(ZoneOffset.UTC).plusMonths(6).getMonthValue() + " *'";
    }

    private static void asTheStatusTells(String reason) {
        String command = COMMAND.matcher(reason)
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError(reason))
                .group();
        TestCluster.shell(command);
    }

    @Test
    @Order(2)
    void theLeaderWaitsForApprovalAndTheOthersDoNot() {
        String leader = ensemble.podsThatAre("leading - broadcast").get(0);
        // When a change is pushed, and the leader's restart needs an approval
        Instant start = Instant.now();
        String commit =
                STAGE.push(file.with(ROLLOUT.formatted(", approval: Leader")).maxClientConnections(73));
        // Then the other members are restarted, and the leader is not
        String reason = STAGE.awaitGate(ensemble, commit, "approval");
        STAGE.nothingRestartsFor(A_WHILE, ensemble);
        assertThat(ensemble.pods().since(start).order())
                .hasSize(2)
                .doesNotHaveDuplicates()
                .doesNotContain(leader);
        // When a person approves it with the command that the status gives, then the leader is restarted
        asTheStatusTells(reason);
        STAGE.awaitSettled(ensemble, commit);
        assertThat(ensemble.pods().since(start).order()).hasSize(3).last().isEqualTo(leader);
        assertThat(ensemble.everyServerHas("maxClientCnxns", "73")).isTrue();
    }

    @Test
    @Order(3)
    void theLeaderHandsOverBeforeItsRestart() {
        // Given a change that waits because the ensemble is paused
        String paused = STAGE.push(file.with(ROLLOUT.formatted(", paused: true, handOffLeader: true"))
                .maxClientConnections(74));
        assertThat(STAGE.awaitGate(ensemble, paused, "paused")).contains("3 members");
        STAGE.nothingRestartsFor(A_WHILE, ensemble);
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            String leader = load.leader();
            // When the pause ends
            load.begin();
            STAGE.awaitSettled(
                    ensemble,
                    STAGE.push(file.with(ROLLOUT.formatted(", handOffLeader: true"))
                            .maxClientConnections(74)));
            // Then the leader is restarted last, after another server leads, and that server keeps leading
            RollFigures figures = load.end();
            assertThat(figures.pods().order())
                    .hasSize(3)
                    .doesNotHaveDuplicates()
                    .last()
                    .isEqualTo(leader);
            assertThat(figures.leaders().leaderChanges()).isEqualTo(1);
            assertThat(figures.missing()).isEmpty();
            // And the former leader votes as before
            assertThat(ensemble.followers()).hasSize(2).contains(leader);
            List<String> lines = new ArrayList<>(RollFigures.HEADER);
            lines.add(figures.row("with handOffLeader"));
            Report.add("A roll whose leader hands over", lines);
        }
    }

    @Test
    @Order(4)
    @Tag("long")
    void memberWithALowerZxidHoldsTheRolloutUntilAcceptance() {
        // Given a recorded zxid above that of every server, as after the restore of an old backup
        TestCluster.kubectl(
                        "--namespace",
                        STAGE.namespace(),
                        "patch",
                        "zke",
                        ensemble.name(),
                        "--subresource=status",
                        "--type=json",
                        "--patch",
                        "[{\"op\": \"replace\", \"path\": \"/status/members/1/zxid\", \"value\": \"7fffffff00000001\"}]")
                .run();
        STAGE.daemon().kill();
        STAGE.daemon().awaitReady();
        // When a change is pushed
        Instant start = Instant.now();
        String commit = STAGE.push(file.maxClientConnections(75));
        // Then no server is restarted
        String reason = STAGE.awaitGate(ensemble, commit, "data-behind");
        assertThat(ensemble.condition("Stalled")).isEqualTo("True");
        assertThat(reason).contains("member 2");
        STAGE.nothingRestartsFor(A_WHILE, ensemble);
        assertThat(ensemble.pods().since(start).takedowns()).isEmpty();
        // When a person accepts it with the command that the status gives, then the roll continues
        asTheStatusTells(reason);
        STAGE.awaitSettled(ensemble, commit);
        assertThat(ensemble.pods().since(start).order()).hasSize(3).doesNotHaveDuplicates();
    }
}
