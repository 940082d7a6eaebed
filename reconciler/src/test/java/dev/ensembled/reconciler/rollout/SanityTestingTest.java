package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.StatusSketch;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When the sanity test is run, and what follows if it shows that the leader commits nothing. */
class SanityTestingTest {

    /** A status in which the sanity test fails, and has never passed. */
    static EnsembleStatus failingSince(Instant since) {
        return failing(since).build();
    }

    /** A status in which the sanity test fails, and has passed for other instances or another membership. */
    static EnsembleStatus failingSince(Instant since, String fingerprint) {
        return failing(since).sanityTested(fingerprint).build();
    }

    private static StatusSketch failing(Instant since) {
        return StatusSketch.bootstrapped().closedGate("sanity-test", "no answer", since);
    }

    private static Scene reconfigured(Instant since) {
        return reconfigured(3, since);
    }

    private static Scene reconfigured(int voters, Instant since) {
        EnsembleStatus before = failingSince(
                since,
                Situation.of(Scene.of(voters).desired(), Scene.of(voters).observed(), Scene.NOW)
                        .fingerprint());
        Set<Integer> ids = IntStream.rangeClosed(1, voters).boxed().collect(Collectors.toSet());
        return Scene.of(voters)
                .committed(Membership.ofMajority(0x100000009L, ids, Set.of()))
                .reported(before)
                .member(1)
                .zxid(0x100000009L)
                .scene();
    }

    @Test
    void nonCommittingLeaderIsRestartedAfterAReconfiguration() {
        assertThat(stepOf(reconfigured(Scene.NOW.minusSeconds(9)))).isInstanceOf(Step.RunSanityTest.class);
        assertThat(stepOf(reconfigured(Scene.NOW.minusSeconds(10))))
                .asInstanceOf(type(Step.Restart.class))
                .satisfies(restart -> {
                    assertThat(restart.leader()).isTrue();
                    assertThat(restart.reasons()).containsExactly(RestartReason.LEADER_COMMITS_NOTHING);
                });
    }

    @Test
    void reconfigurationIsTestedBeforeTheNextLearnerJoins() {
        // Given a replica for a fifth server whose pod waits for its start permit
        Scene scene =
                reconfigured(4, Scene.NOW.minusSeconds(3)).specAsksFor(5, 0).places(5);
        scene.place(5);

        assertThat(stepOf(scene))
                .isInstanceOfSatisfying(Step.RunSanityTest.class, verify -> assertThat(verify.fingerprint())
                        .isEqualTo("member-1/100000009"));
    }

    @Test
    void nonCommittingLeaderIsReplacedDespiteTheBudget() {
        assertThat(stepOf(withElectingMember(3, 9))).isInstanceOf(Step.RunSanityTest.class);
        assertThat(stepOf(withElectingMember(3, 10))).isInstanceOfSatisfying(Step.Replace.class, replace -> {
            assertThat(replace.member()).isEqualTo(1);
            assertThat(replace.reasons()).containsExactly(RestartReason.LEADER_COMMITS_NOTHING);
        });
    }

    @Test
    void nonCommittingLeaderStaysIfTheOthersCannotElect() {
        Scene ofTwo = withElectingMember(2, 10);
        assertThat(decide(ofTwo)).isInstanceOf(Decision.Wait.class);

        ofTwo.member(2).readySince(Scene.LONG_AGO);
        assertThat(decide(ofTwo)).isInstanceOfSatisfying(Decision.Stalled.class, stalled -> assertThat(stalled.reason())
                .contains("Member 1 has led since", "ZOOKEEPER-4708", "delete its pod"));
        assertThat(stepOf(withElectingMember(3, 10).wanting("new")))
                .isInstanceOfSatisfying(Step.Replace.class, replace -> assertThat(replace.member())
                        .isEqualTo(3));
        assertThat(decide(withElectingMember(3, 10).paused())).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void committingLeaderIsNotReplacedForARefusedTest() {
        Scene scene = withElectingMember(3, 20).member(1).zxid(0x10000000aL).scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void returningMemberIsNotTakenForAFailedElection() {
        Scene scene = withElectingMember(3, 20)
                .member(3)
                .readySince(Scene.NOW.minusSeconds(9))
                .scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    /**
     * The member with the highest id went back to electing a leader a moment ago, and the test has failed for this many
     * seconds.
     */
    private static Scene withElectingMember(int voters, int seconds) {
        return reconfigured(voters, Scene.NOW.minusSeconds(seconds))
                .member(voters)
                .looking()
                .readySince(Scene.NOW.minusSeconds(seconds + 10))
                .scene()
                .budget("kafka", 0, 1, 2, 3);
    }
}
