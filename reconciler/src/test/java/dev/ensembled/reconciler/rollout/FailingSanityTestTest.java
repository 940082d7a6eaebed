package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import dev.ensembled.reconciler.spec.model.FailedSanityTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The decisions while the sanity test keeps failing and all servers serve. */
class FailingSanityTestTest {
    private static final String LATER = Scene.NOW.minusSeconds(600).toString();
    private static final String TESTED_REVISION = "old";

    /** Member 3 was restarted at revision "bad", and the test has failed through a member for this long. */
    private static Scene failing(int through, Duration since, String wanted) {
        Scene scene = Scene.of(3).wanting(wanted).member(3).revision("bad").scene();
        return withFailure(scene, through, since, TESTED_REVISION);
    }

    private static Scene withFailure(Scene scene, int through, Duration since, String testedRevision) {
        return withFailure(scene, through, since, Memory.NOTHING.sanityTestedAt(testedRevision));
    }

    private static Scene withFailure(Scene scene, int through, Duration since, Memory memory) {
        scene.neverTested();
        String fingerprint =
                Situation.of(scene.desired(), scene.observed(), Scene.NOW).fingerprint();
        Instant first = Scene.NOW.minus(since);
        FailedSanityTest failed = new FailedSanityTest(fingerprint, first.toString(), through, true);
        return scene.memory(memory.failing(failed));
    }

    private static int restarted(Scene scene) {
        return ((Step.Restart) stepOf(scene)).member();
    }

    @Test
    void revertRestartsOnlyTheMemberOfTheUntestedRevision() {
        assertThat(restarted(failing(3, Duration.ofSeconds(10), TESTED_REVISION)))
                .isEqualTo(3);
        // Also if it fails through another member, as when the leader refuses the writes that come through it
        assertThat(restarted(failing(2, Duration.ofSeconds(10), TESTED_REVISION)))
                .isEqualTo(3);
    }

    @Test
    void quorumAtTheTargetRevisionCountsAsTestedWithoutARecord() {
        Scene scene =
                Scene.of(3).wanting(TESTED_REVISION).member(3).revision("bad").scene();

        assertThat(restarted(withFailure(scene, 3, Duration.ofSeconds(10), Memory.NOTHING)))
                .isEqualTo(3);
        assertThat(stepOf(withFailure(scene, 2, Duration.ofSeconds(10), Memory.NOTHING)))
                .isInstanceOf(Step.RunSanityTest.class);
    }

    @Test
    void membersAtTheFailingRevisionAreNotRestarted() {
        assertThat(stepOf(failing(3, Duration.ofHours(1), "bad"))).isInstanceOf(Step.RunSanityTest.class);
    }

    @Test
    void singleSanityTestFailureMakesNoSuspect() {
        assertThat(stepOf(failing(3, Duration.ofSeconds(9), TESTED_REVISION))).isInstanceOf(Step.RunSanityTest.class);
    }

    @Test
    void failureOfOtherInstancesMakesNoSuspect() {
        Scene scene = failing(3, Duration.ofSeconds(10), TESTED_REVISION);
        scene.member(3).uid("another life");

        assertThat(stepOf(scene)).isInstanceOf(Step.RunSanityTest.class);
    }

    @Test
    void fixIsTriedOnTheSuspectFirst() {
        assertThat(restarted(failing(3, Duration.ofSeconds(10), "fix"))).isEqualTo(3);

        Scene tried = Scene.of(3)
                .wanting("fix")
                .member(3)
                .revision("fix")
                .member(2)
                .revision("bad")
                .scene();
        assertThat(stepOf(withFailure(tried, 3, Duration.ofHours(1), TESTED_REVISION)))
                .isInstanceOf(Step.RunSanityTest.class);
        assertThat(restarted(withFailure(tried, 2, Duration.ofSeconds(10), TESTED_REVISION)))
                .isEqualTo(2);
    }

    @Test
    void suspectIsRestartedUnderTheGatesOfAHealthyMember() {
        assertThat(stepOf(failing(3, Duration.ofHours(1), TESTED_REVISION).budget("kafka", 0, 1, 2, 3)))
                .isInstanceOf(Step.RunSanityTest.class);
        assertThat(stepOf(failing(3, Duration.ofHours(1), TESTED_REVISION).paused()))
                .isInstanceOf(Step.RunSanityTest.class);
        assertThat(decide(failing(3, Duration.ofHours(1), TESTED_REVISION)
                        .member(2)
                        .looking()
                        .readySince(Scene.NOW)
                        .scene()))
                .isInstanceOf(Decision.Wait.class);
        Scene ofTwo =
                Scene.of(2).wanting(TESTED_REVISION).member(2).revision("bad").scene();
        assertThat(stepOf(withFailure(ofTwo, 2, Duration.ofHours(1), TESTED_REVISION)))
                .isInstanceOf(Step.RunSanityTest.class);
    }

    @Test
    void failingRevisionDoesNotSpreadToAnUnreadyMember() {
        Scene scene = failing(3, Duration.ofMinutes(30), "bad");
        scene.member(2).notReady().readySince(Scene.NOW.minus(Duration.ofHours(1)));

        assertThat(decide(scene)).isInstanceOfSatisfying(Decision.Stalled.class, stalled -> assertThat(stalled.gate())
                .hasToString("member-not-ready"));
        // Also after another instance was created, as that of a learner
        assertThat(decide(scene.memory(Memory.NOTHING
                        .sanityTestedAt(TESTED_REVISION)
                        .failing(new FailedSanityTest("of other instances", LATER, 3, true)))))
                .isInstanceOf(Decision.Stalled.class);
        // Without that failure, or if it fails through this member, the member is restarted
        assertThat(restarted(scene.memory(Memory.NOTHING.sanityTestedAt(TESTED_REVISION))))
                .isEqualTo(2);
        assertThat(restarted(withFailure(scene, 2, Duration.ofMinutes(30), TESTED_REVISION)))
                .isEqualTo(2);
    }

    @Test
    void failingRevisionDoesNotSpreadByACrash() {
        Scene scene = failing(3, Duration.ofHours(1), "bad");
        scene.member(2).crashed(Problem.BACK_OFF, "CrashLoopBackOff").readySince(Scene.NOW);

        assertThat(decide(scene)).isInstanceOfSatisfying(Decision.Wait.class, wait -> assertThat(wait.gate())
                .hasToString("member-down"));
    }

    @Test
    void failingSanityTestStallsAtTheProgressDeadline() {
        Scene scene = failing(3, Duration.ofMinutes(4), "bad");
        FailedSanityTest failed = scene.observed().status().memory().failedSanityTest();
        assertThat(FailingSanityTest.decision(scene.desired(), scene.observed(), failed, "NOAUTH", Scene.NOW))
                .isInstanceOfSatisfying(Decision.Wait.class, wait -> {
                    assertThat(wait.gate()).hasToString("sanity-test");
                    assertThat(wait.until()).contains(Scene.NOW.plus(Duration.ofMinutes(1)));
                });
        Instant later = Scene.NOW.plus(Duration.ofMinutes(1));
        assertThat(FailingSanityTest.decision(scene.desired(), scene.observed(), failed, "NOAUTH", later))
                .isInstanceOfSatisfying(Decision.Stalled.class, stalled -> {
                    assertThat(stalled.gate()).hasToString("sanity-test");
                    assertThat(stalled.reason()).contains("through member 3: NOAUTH", "push a fix or a revert");
                });
    }

    @Test
    void stallNamesTheGateThatHoldsTheSuspect() {
        Scene scene = failing(3, Duration.ofHours(1), TESTED_REVISION).budget("team", 0, 1, 2, 3);
        FailedSanityTest failed = scene.observed().status().memory().failedSanityTest();

        assertThat(FailingSanityTest.decision(scene.desired(), scene.observed(), failed, "NOAUTH", Scene.NOW))
                .isInstanceOfSatisfying(Decision.Stalled.class, stalled -> assertThat(stalled.reason())
                        .contains("Member 3 is not at the wanted revision", "budget, blocked by budget team"));
    }

    @Test
    void failureTimeIsKeptForTheSameInstancesOnly() {
        EnsembleStatus before = EnsembleStatus.empty()
                .withMemory(Memory.NOTHING.failing(new FailedSanityTest("these", "2026-03-01T11:00:00Z", 1, false)));

        assertThat(FailingSanityTest.recordFailure(before, "these", 2, true, Scene.NOW))
                .isEqualTo(new FailedSanityTest("these", "2026-03-01T11:00:00Z", 2, true));
        assertThat(FailingSanityTest.recordFailure(before, "others", 2, true, Scene.NOW)
                        .since())
                .isEqualTo(Scene.NOW.toString());
    }

    @Test
    void passedTestMarksTheRevisionGoodIfAllMembersRunIt() {
        Scene whole = Scene.of(3);
        EnsembleStatus failing = EnsembleStatus.empty()
                .withMemory(Memory.NOTHING.failing(new FailedSanityTest("these", "2026-03-01T11:00:00Z", 1, false)));

        assertThat(FailingSanityTest.recordSuccess(failing, "these", whole.observed())
                        .memory())
                .isEqualTo(Memory.NOTHING.sanityTestedAt("old"));
        assertThat(FailingSanityTest.recordSuccess(
                                failing,
                                "these",
                                whole.member(3).revision("new").scene().observed())
                        .memory())
                .isEqualTo(Memory.NOTHING);
    }

    @Test
    void refusingLeaderIsNotTakenForANonCommittingLeader() {
        Scene scene = Scene.of(3)
                .committed(Membership.ofMajority(0x100000009L, Set.of(1, 2, 3), Set.of()))
                .reported(SanityTestingTest.failingSince(Scene.NOW.minusSeconds(60)))
                .member(1)
                .zxid(0x10000000aL)
                .scene();
        assertThat(stepOf(scene)).isInstanceOf(Step.Restart.class);

        assertThat(stepOf(withFailure(scene, 1, Duration.ofSeconds(60), TESTED_REVISION)))
                .isInstanceOf(Step.RunSanityTest.class);
    }
}
