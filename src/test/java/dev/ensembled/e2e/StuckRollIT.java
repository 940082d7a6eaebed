package dev.ensembled.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.e2e.harness.Ensemble;
import dev.ensembled.e2e.harness.EnsembleFile;
import dev.ensembled.e2e.harness.Figures;
import dev.ensembled.e2e.harness.Report;
import dev.ensembled.e2e.harness.RollFigures;
import dev.ensembled.e2e.harness.RollUnderLoad;
import dev.ensembled.e2e.harness.Stage;
import dev.ensembled.e2e.harness.UnattachableVolume;
import dev.ensembled.e2e.harness.VolumeClaims;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A change with which no server can run stops at the first member and reports why in the pod's own words; a revert
 * repairs it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StuckRollIT {
    @RegisterExtension
    static final Stage STAGE = new Stage("stuck").setting("ENSEMBLED_JVM_OPTIONS=any");

    private static EnsembleFile file;
    private static Ensemble ensemble;

    @BeforeAll
    static void create() {
        file = STAGE.file("solr", 3).with("rollout: {settle: 1s, progressDeadline: 20s}");
        ensemble = STAGE.create(file);
    }

    /**
     * A change with which no server can run.
     *
     * @param line of the spec
     * @param reason of the condition Stalled
     * @param words of the pod that the condition's message contains
     */
    private record Bad(String line, String reason, String words) {
        @Override
        public String toString() {
            return reason;
        }
    }

    static List<Bad> badChanges() {
        return List.of(
                new Bad("image: docker.io/library/zookeeper:no-such-version", "MemberImage", "no-such-version"),
                new Bad("jvm: {heap: 128Mi, options: [\"-XX:+NoSuchOption\"]}", "MemberCrashing", "NoSuchOption"),
                // The server serves, and refuses the write of the sanity test: with SESSIONCLOSEDREQUIRESASLAUTH, or
                // only by
                // closing the connection, if the client sees that first
                new Bad(
                        "config: {sessionRequireClientSASLAuth: true,"
                                + " authProvider.1: org.apache.zookeeper.server.auth.SASLAuthenticationProvider}",
                        "SanityTest",
                        "writing through"));
    }

    static List<Bad> moreBadChanges() {
        return List.of(
                new Bad(
                        "podTemplate: {spec: {nodeSelector: {example.com/no-such: node}}}",
                        "MemberUnschedulable",
                        "nodes are available"),
                // The JVM then resolves names from this file instead of DNS, and finds no peer.
                new Bad(
                        "jvm: {heap: 128Mi, options: [\"-Djdk.net.hosts.file=/etc/hosts\"]}",
                        "MemberNotServing",
                        "not serving"),
                new Bad(
                        "podTemplate: {spec: {readinessGates: [{conditionType: example.com/never}]}}",
                        "MemberNotReady",
                        "not ready"));
    }

    @ParameterizedTest
    @MethodSource("moreBadChanges")
    @Order(5)
    @Tag("long")
    void rolloutStopsAfterOneMemberForOtherReasonsToo(Bad bad) {
        rolloutStopsAfterOneMemberAndARevertHealsIt(bad);
    }

    @ParameterizedTest
    @MethodSource("badChanges")
    @Order(1)
    void rolloutStopsAfterOneMemberAndARevertHealsIt(Bad bad) {
        Map<String, String> uids = ensemble.pods().uids();
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            // When a change is pushed with which no server can run
            load.begin();
            Instant start = Instant.now();
            STAGE.push(file.with(bad.line()));
            // Then the ensemble stalls, and reports why
            String message = STAGE.awaitStalled(ensemble, bad.reason());
            Duration untilStalled = Duration.between(start, Instant.now());
            assertThat(message).contains(bad.words());
            // And one member was taken down, a follower, and no other member is
            List<String> takenDown = ensemble.pods().since(start).order();
            assertThat(takenDown).hasSize(1).doesNotContain(load.leader());
            STAGE.nothingRestartsFor(Duration.ofSeconds(4), ensemble);
            // When the change is reverted, then only that pod is replaced
            Instant reverted = Instant.now();
            STAGE.awaitSettled(ensemble, STAGE.push(file));
            RollFigures figures = load.end();
            assertThat(figures.pods().order()).containsExactly(takenDown.get(0), takenDown.get(0));
            uids.remove(takenDown.get(0));
            assertThat(ensemble.pods().uids()).containsAllEntriesOf(uids);
            assertThat(figures.missing()).isEmpty();
            assertThat(figures.leaders().leaderChanges()).isZero();
            report("Stuck roll: " + bad.reason(), message, untilStalled, reverted);
        }
    }

    @Test
    @Order(2)
    void rolloutThatStopsAtTheLastFollowerKeepsTheLeader() {
        // Given a change that one node does not allow, the node of the follower that is last before the leader
        String leader = ensemble.podsThatAre("leading - broadcast").get(0);
        List<String> followers = ensemble.followers();
        String last = followers.get(followers.size() - 1);
        String node = ensemble.pods().now().get(last).node();
        String leaderUid = ensemble.pods().uids().get(leader);
        Instant start = Instant.now();
        // When the change is pushed
        STAGE.push(file.with("podTemplate: {spec: {affinity: {nodeAffinity:"
                + " {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key:"
                + " kubernetes.io/hostname, operator: NotIn, values: [" + node + "]}]}]}}}}}"));
        // Then the roll gets as far as that follower
        assertThat(STAGE.awaitStalled(ensemble, "MemberUnschedulable")).contains("nodes are available");
        assertThat(ensemble.pods().since(start).order()).containsExactlyInAnyOrderElementsOf(followers);
        // When it is reverted, then both followers are as before, and the leader was never taken down
        STAGE.awaitSettled(ensemble, STAGE.push(file));
        assertThat(ensemble.pods().uids()).containsEntry(leader, leaderUid);
        assertThat(ensemble.pods().since(start).order()).doesNotContain(leader).hasSize(4);
    }

    @Test
    @Order(3)
    @Tag("long")
    void detachedVolumeStopsTheRolloutAndARevertHealsIt() {
        VolumeClaims volumes = new VolumeClaims(STAGE.client(), STAGE.namespace(), "solr");
        Map<String, String> pods = ensemble.pods().uids();
        String fourth = ensemble.pod(3);
        List<String> all = IntStream.range(0, 5).mapToObj(ensemble::pod).toList();
        // Given a volume for the fourth server that no node can attach
        try (UnattachableVolume volume =
                        new UnattachableVolume(STAGE.client(), volumes.of(ensemble.pod(0)), volumes.claim(fourth));
                RollUnderLoad load = new RollUnderLoad(ensemble.pods(), all, ensemble.clientAddress())) {
            load.begin();
            Instant start = Instant.now();
            // When two more voters are wanted
            STAGE.push(file.voters(5));
            volume.refuse("rack 12 is out of paths");
            // Then the ensemble stalls, and reports what Kubernetes reports about the attachment
            String message = STAGE.awaitStalled(ensemble, "MemberVolume");
            Duration untilStalled = Duration.between(start, Instant.now());
            assertThat(message).contains("member 4", "FailedAttachVolume", "rack 12 is out of paths");
            assertThat(ensemble.status("rollout", "gate")).isEqualTo("member-volume");
            // And no other member is added or restarted
            STAGE.nothingRestartsFor(Duration.ofSeconds(4), ensemble);
            assertThat(ensemble.pods().uids()).containsAllEntriesOf(pods).hasSize(4);
            assertThat(ensemble.pods().since(start).takedowns()).isEmpty();
            // When the commit is reverted, then that pod is deleted, and the others were never down
            Instant reverted = Instant.now();
            STAGE.awaitSettled(ensemble, STAGE.push(file));
            RollFigures figures = load.end();
            assertThat(ensemble.pods().uids()).isEqualTo(pods);
            assertThat(figures.pods().order()).containsExactly(fourth);
            assertThat(figures.pods().everDown()).containsExactly(fourth);
            assertThat(figures.leaders().leaderChanges()).isZero();
            assertThat(figures.missing()).isEmpty();
            report("Stuck scaling: MemberVolume", message, untilStalled, reverted);
        }
    }

    @Test
    @Order(4)
    void refusedPodStopsTheRolloutAndARevertHealsIt() {
        Map<String, String> uids = ensemble.pods().uids();
        try (RollUnderLoad load = new RollUnderLoad(ensemble.pods(), ensemble.clientAddress())) {
            load.begin();
            Instant start = Instant.now();
            // When pods are wanted that the API server's admission refuses
            STAGE.push(file.with("podTemplate: {spec: {priorityClassName: no-such-class}}"));
            // Then the ensemble stalls with the message of that refusal, and one follower is gone
            String message = STAGE.awaitStalled(ensemble, "MemberMissing");
            Duration untilStalled = Duration.between(start, Instant.now());
            assertThat(message).contains("no PriorityClass with name no-such-class");
            List<String> takenDown = ensemble.pods().since(start).order();
            assertThat(takenDown).hasSize(1).doesNotContain(load.leader());
            STAGE.nothingRestartsFor(Duration.ofSeconds(4), ensemble);
            // When it is reverted, then that pod is created again
            Instant reverted = Instant.now();
            STAGE.awaitSettled(ensemble, STAGE.push(file));
            RollFigures figures = load.end();
            assertThat(figures.pods().order()).isEqualTo(takenDown);
            uids.remove(takenDown.get(0));
            assertThat(ensemble.pods().uids()).containsAllEntriesOf(uids);
            assertThat(figures.missing()).isEmpty();
            assertThat(figures.leaders().leaderChanges()).isZero();
            report("Stuck roll: MemberMissing", message, untilStalled, reverted);
        }
    }

    /** Reports what was measured in a scenario that has just ended. */
    private static void report(String title, String message, Duration untilStalled, Instant reverted) {
        Report.add(
                title,
                List.of(
                        "- " + message,
                        "- stalled after " + Figures.seconds(untilStalled) + ", healed "
                                + Figures.seconds(Duration.between(reverted, Instant.now()))
                                + " after the revert, lost writes: 0"));
    }
}
