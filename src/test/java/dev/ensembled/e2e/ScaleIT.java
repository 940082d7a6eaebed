package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Figures;
import dev.ensembled.e2e.harness.LongSession;
import dev.ensembled.e2e.harness.MembershipTimeline;
import dev.ensembled.e2e.harness.MembershipWatch;
import dev.ensembled.e2e.harness.PodHistory;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.ServerWords;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.TestCluster;
import dev.ensembled.e2e.harness.VolumeClaims;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An ensemble grows and shrinks under load: one member at a time, without an effect on the members that stay. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScaleIT {
    private static final Duration LONGEST_WITHOUT_WRITE = Duration.ofSeconds(10);

    @RegisterExtension
    static final Stage STAGE = new Stage("scale");

    private static EnsembleFile file;
    private static Ensemble ensemble;
    private static VolumeClaims volumes;

    @BeforeAll
    static void create() {
        file = STAGE.file("pinot", 3).with("rollout: {settle: 1s, progressDeadline: 60s}");
        ensemble = STAGE.create(file);
        volumes = new VolumeClaims(STAGE.client(), STAGE.namespace(), "pinot");
    }

    /** Load, watches, and a session with the server that always stays. */
    private static final class Scaling implements AutoCloseable {
        private final MembershipWatch memberships =
                new MembershipWatch(() -> ensemble.pods().addresses().values());
        private final RollUnderLoad load = new RollUnderLoad(
                ensemble.pods(), IntStream.range(0, 5).mapToObj(ensemble::pod).toList(), ensemble.clientAddress());
        private final LongSession session =
                LongSession.with(ensemble.pods().addresses().get(ensemble.pod(0)));

        Scaling() {
            await("a membership")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !memberships.timeline().reports().isEmpty());
            load.begin();
        }

        /**
         * Pushes, waits, and asserts that the servers that are in both memberships changed in nothing but the membership.
         */
        Change to(EnsembleFile wanted) {
            memberships.begin();
            Instant start = Instant.now();
            Map<String, String> before = ensemble.pods().uids();
            STAGE.awaitSettled(ensemble, STAGE.push(wanted));
            Change change = new Change(
                    ensemble.pods().since(start), memberships.timeline(), Duration.between(start, Instant.now()));
            Map<String, String> stayed = new TreeMap<>(before);
            stayed.keySet().retainAll(ensemble.pods().uids().keySet());
            assertThat(ensemble.pods().uids()).as("the pods that stay").containsAllEntriesOf(stayed);
            assertThat(change.pods().everDown()).as("not up at some time").doesNotContainAnyElementsOf(stayed.keySet());
            assertThat(change.memberships().changes())
                    .as("memberships: %s", change.memberships())
                    .allSatisfy(members -> assertThat(members).hasSize(1));
            assertThat(session.lives()).as("the session with member 1 lives").isTrue();
            return change;
        }

        void end(String title, List<String> lines) {
            RollFigures figures = load.end();
            assertThat(figures.missing())
                    .as("acknowledged writes that are missing")
                    .isEmpty();
            assertThat(figures.writes().longestWithoutAnyWrite()).isLessThan(LONGEST_WITHOUT_WRITE);
            List<String> all = new ArrayList<>(lines);
            all.add("- acknowledged writes: %d, lost: 0; leader changes: %d; without a leader, longest: %s; without any"
                            .formatted(
                                    load.acknowledged(),
                                    figures.leaders().leaderChanges(),
                                    Figures.seconds(figures.leaders().longestWithoutLeader()))
                    + " write, longest: " + Figures.seconds(figures.writes().longestWithoutAnyWrite()));
            Report.add(title, all);
        }

        @Override
        public void close() {
            session.close();
            load.close();
            memberships.close();
        }
    }

    private record Change(PodHistory pods, MembershipTimeline memberships, Duration time) {
        String line(String what) {
            return "- " + what + ": " + Figures.seconds(time) + ", memberships of " + memberships.members();
        }
    }

    @Test
    @Order(1)
    void votersScaleUpAndDownUnderLoadOneByOne() {
        List<String> lines = new ArrayList<>();
        try (Scaling scaling = new Scaling()) {
            // When two voters are added, then they join one after the other
            Change toFive = scaling.to(file.voters(5));
            assertThat(toFive.pods().takedowns()).isEmpty();
            assertThat(toFive.memberships().last().values())
                    .containsOnly("participant")
                    .hasSize(5);
            lines.add(toFive.line("voters 3 to 5"));
            // When they are removed, then each has left the membership before its pod ends, and its volume stays
            Map<String, String> claims = volumes.uids();
            assertThat(claims).hasSize(5);
            Change toThree = scaling.to(file.voters(3));
            assertRetired(toThree, 3, 4);
            lines.add(toThree.line("voters 5 to 3"));
            Change toOne = scaling.to(file.voters(1));
            assertRetired(toOne, 1, 2);
            lines.add(toOne.line("voters 3 to 1"));
            assertThat(toOne.memberships().last()).containsOnlyKeys(1);
            assertThat(volumes.uids()).isEqualTo(claims);
            // When they are wanted again, then they join as new members: the data on their volumes is set aside
            Change again = scaling.to(file.voters(3));
            lines.add(again.line("voters 1 to 3"));
            assertThat(volumes.uids()).isEqualTo(claims);
            assertThat(again.memberships().last().values())
                    .containsOnly("participant")
                    .hasSize(3);
            assertThat(List.of(1, 2)).allSatisfy(ordinal -> assertThat(files(ordinal, "/data/aside/version-2"))
                    .contains("snapshot."));
            scaling.end("Scaling voters 3, 5, 3, 1, 3, four writers", lines);
        }
    }

    /** The members that left were removed from the membership before their pods ended. */
    private static void assertRetired(Change change, Integer... ordinals) {
        assertThat(change.pods().order())
                .containsExactlyInAnyOrderElementsOf(
                        List.of(ordinals).stream().map(ensemble::pod).toList());
        assertThat(change.pods().takedowns()).allSatisfy(takedown -> {
            int member = Integer.parseInt(takedown.pod().substring("pinot-".length())) + 1;
            assertThat(change.memberships().withoutSince(member))
                    .as("member %d left the membership", member)
                    .hasValueSatisfying(since -> assertThat(since).isBeforeOrEqualTo(takedown.at()));
        });
    }

    private static String files(int ordinal, String directory) {
        return TestCluster.kubectl(
                        "exec", "--namespace", STAGE.namespace(), ensemble.pod(ordinal), "--", "ls", directory)
                .run();
    }

    @Test
    @Order(2)
    void observersScaleUpAndDownWithoutAChangeOfVoters() {
        List<String> lines = new ArrayList<>();
        try (Scaling scaling = new Scaling()) {
            // When observers are added
            Change added = scaling.to(file.observers(2));
            lines.add(added.line("observers 0 to 2"));
            // Then they observe, and three members vote all the time
            assertThat(ensemble.podsThatAre("observing - broadcast"))
                    .containsExactlyInAnyOrder(ensemble.pod(3), ensemble.pod(4));
            assertThat(added.memberships().voters()).containsOnly(3);
            // When the observers are removed, then they have left the membership before their pods end
            Change removed = scaling.to(file);
            lines.add(removed.line("observers 2 to 0"));
            assertRetired(removed, 3, 4);
            assertThat(removed.memberships().voters()).containsOnly(3);
            scaling.end("Scaling observers 0, 2, 0, four writers", lines);
        }
    }

    @Test
    @Order(3)
    void serversChangeTheirRoleUnderLoadWithoutARestart() {
        List<String> lines = new ArrayList<>();
        try (Scaling scaling = new Scaling()) {
            // When two of three voters become observers, the leader possibly among them
            Change demoted = scaling.to(file.voters(1).observers(2));
            // Then they observe, and no server was restarted
            lines.add(demoted.line("2 of 3 voters become observers"));
            assertThat(demoted.pods().takedowns()).isEmpty();
            assertThat(ensemble.podsThatAre("observing - broadcast"))
                    .containsExactlyInAnyOrder(ensemble.pod(1), ensemble.pod(2));
            // When they become voters again
            Change promoted = scaling.to(file);
            lines.add(promoted.line("and voters again"));
            assertThat(promoted.pods().takedowns()).isEmpty();
            assertThat(promoted.memberships().last().values())
                    .containsOnly("participant")
                    .hasSize(3);
            scaling.end("Changed roles, four writers", lines);
        }
    }

    @Test
    @Order(4)
    void votesAreCountedByGroupsAndPlainlyAgainWithoutARestart() {
        Map<String, String> uids = ensemble.pods().uids();
        // When votes are counted by groups, then each server does so, and no server was restarted
        STAGE.awaitSettled(
                ensemble, STAGE.push(file.with("config: {group.1: '1:2', group.2: '3', weight.3: 0, weight.1: 2}")));
        assertThat(memberships())
                .allSatisfy(conf -> assertThat(conf).contains("group.1=1:2", "group.2=3", "weight.1=2", "weight.3=0"));
        assertThat(ensemble.pods().uids()).isEqualTo(uids);
        // When votes are counted without groups again
        STAGE.awaitSettled(ensemble, STAGE.push(file));
        assertThat(memberships()).allSatisfy(conf -> assertThat(conf).doesNotContain("group.", "weight."));
        assertThat(ensemble.pods().uids()).isEqualTo(uids);
    }

    private static List<String> memberships() {
        return ensemble.pods().addresses().values().stream()
                .map(address -> ServerWords.ask(address, "conf").orElseThrow())
                .toList();
    }

    @Test
    @Order(5)
    void changedPasswordRollsOutAndAllowsMembershipChanges() {
        String before = password();
        Instant start = Instant.now();
        // When the password is rotated, then each server is restarted for it, one at a time
        EnsembleFile rotated = file.with("credentials: {rotation: 1}");
        STAGE.awaitSettled(ensemble, STAGE.push(rotated));
        PodHistory pods = ensemble.pods().since(start);
        assertThat(pods.order()).hasSize(3).doesNotHaveDuplicates();
        // Pods that were scaled down before count as down as well.
        assertThat(pods.takedowns()).allSatisfy(takedown -> assertThat(takedown.othersDown())
                .as("down when %s left", takedown.pod())
                .doesNotContainAnyElementsOf(pods.order()));
        String after = password();
        assertThat(after).isNotEqualTo(before);
        // And the servers accept a reconfiguration with the new password
        STAGE.awaitSettled(ensemble, STAGE.push(rotated.observers(1)));
        assertThat(ensemble.podsThatAre("observing - broadcast")).containsExactly(ensemble.pod(3));
        // And no password is in the log
        assertThat(STAGE.daemon().log()).doesNotContain(before, after);
    }

    @Test
    @Order(6)
    @Tag("long")
    void deletedSecretRollsOutBeforeTheScaling() {
        EnsembleFile three = file.with("credentials: {rotation: 1}");
        STAGE.awaitSettled(ensemble, STAGE.push(three));
        Set<String> old = Set.copyOf(ensemble.pods().uids().values());
        String before = password();
        try (RollUnderLoad load = new RollUnderLoad(
                ensemble.pods(), IntStream.range(0, 5).mapToObj(ensemble::pod).toList(), ensemble.clientAddress())) {
            load.begin();
            // When the servers have to be restarted for a password that none of them knows, and more members are wanted
            superSecret().delete();
            await("another password")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> superSecret().get() != null && !password().equals(before));
            STAGE.awaitSettled(ensemble, STAGE.push(three.voters(5)));
            // Then each of the old members was restarted once, and the new ones have joined
            RollFigures figures = load.end();
            assertThat(figures.pods().takedowns())
                    .extracting(PodHistory.Takedown::uid)
                    .containsExactlyInAnyOrderElementsOf(old);
            assertThat(memberships()).hasSize(5).allSatisfy(conf -> assertThat(conf.split(":participant"))
                    .hasSize(6));
            assertThat(figures.missing()).isEmpty();
            assertThat(figures.leaders().leaderChanges()).isLessThanOrEqualTo(1);
            Report.add(
                    "A Secret deleted, and voters 3 to 5, four writers",
                    List.of("- acknowledged writes: %d, lost: 0; leader changes: %d; whole roll: %s"
                            .formatted(
                                    load.acknowledged(),
                                    figures.leaders().leaderChanges(),
                                    Figures.seconds(figures.whole()))));
        }
    }

    private static Resource<Secret> superSecret() {
        return STAGE.client().secrets().inNamespace(STAGE.namespace()).withName("pinot-super");
    }

    private static String password() {
        String encoded = superSecret().get().getData().get("password");
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}
