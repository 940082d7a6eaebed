package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A revert repairs a failed roll (docs/invariants.md, rules 4 and 7) without another disruption. */
class ReplacementTest {
    private static final Instant JUST_NOW = Scene.NOW.minusSeconds(1);
    private static final Instant FOR_A_WHILE = Scene.NOW.minus(Evidence.AGREED_FOR);
    private static final Instant TOO_LONG_AGO = Scene.NOW.minus(Scene.PROGRESS_DEADLINE);

    /** Member 1 was restarted at a bad revision, which is then reverted. */
    private static Scene reverted() {
        return Scene.of(3).ledBy(2).member(1).revision("bad").scene();
    }

    @Test
    void aMemberThatNeverStartedIsReplacedAtOnce() {
        Scene scene = reverted()
                .member(1)
                .pending(Problem.IMAGE, "ImagePullBackOff")
                .readySince(JUST_NOW)
                .scene();

        assertThat(stepOf(scene).describe()).isEqualTo("replace member 1, which is not serving");
        assertThat(stepOf(scene).disruptive()).isTrue();
    }

    @Test
    void crashedOrElectingMemberIsReplacedWhileTheOthersServe() {
        assertThat(stepOf(reverted().member(1).crashed().readySince(JUST_NOW).scene()))
                .isInstanceOf(Step.Replace.class);
        assertThat(stepOf(reverted().member(1).looking().readySince(FOR_A_WHILE).scene()))
                .isInstanceOf(Step.Replace.class);
    }

    @Test
    void untestedRevisionGetsNoSecondMemberBeforeTheDeadline() {
        Scene scene = reverted().member(1).looking().readySince(FOR_A_WHILE).scene();

        // Given that the wanted revision is the one whose sanity test passed last, then it is a revert
        assertThat(stepOf(scene.memory(Memory.NOTHING.sanityTestedAt(
                        scene.observed().target().orElseThrow().id()))))
                .isInstanceOf(Step.Replace.class);
        // Given that another one passed last, then members of the wanted one serve, and whether they work is not known
        // yet
        scene = reverted()
                .member(1)
                .looking()
                .readySince(FOR_A_WHILE)
                .scene()
                .memory(Memory.NOTHING.sanityTestedAt("first"));
        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
        assertThat(stepOf(scene.member(1).readySince(TOO_LONG_AGO).scene())).isInstanceOf(Step.Replace.class);
    }

    @Test
    void membersOutOfMemoryAreReplacedByTheFixWithoutAQuorum() {
        assertThat(stepOf(outOfMemory(1, 2, 3)).describe()).startsWith("replace member 1");

        Scene starting = outOfMemory(2, 3)
                .member(1)
                .revision("fix")
                .starting()
                .readySince(JUST_NOW)
                .scene();
        assertThat(decide(starting)).isInstanceOfSatisfying(Decision.Wait.class, wait -> assertThat(wait.gate())
                .hasToString("member-down"));

        Scene runs = outOfMemory(2, 3)
                .member(1)
                .revision("fix")
                .looking()
                .readySince(JUST_NOW)
                .scene();
        assertThat(stepOf(runs).describe()).startsWith("replace member 2");
    }

    private static Scene outOfMemory(int... members) {
        Scene scene = Scene.of(3).wanting("fix");
        for (int id : members) {
            scene.member(id).crashed(Problem.HEAP_FULL, "OutOfMemory").readySince(JUST_NOW);
        }
        return scene;
    }

    @Test
    void everyMemberOfAnEnsembleThatNeverStartedIsReplacedByTheFix() {
        Scene scene = Scene.of(3).wanting("fix").neverTested();
        for (int id = 1; id <= 3; id++) {
            scene.member(id).pending(Problem.IMAGE, "ErrImagePull");
        }

        assertThat(stepOf(scene).describe()).startsWith("replace member 1");
        scene.member(1).revision("fix");
        assertThat(stepOf(scene).describe()).startsWith("replace member 2");
    }

    @Test
    void theOnlyMemberOfAnEnsembleOfOneIsReplacedAtOnce() {
        Scene scene = Scene.of(1)
                .wanting("fix")
                .member(1)
                .crashed()
                .readySince(JUST_NOW)
                .scene();

        assertThat(stepOf(scene)).isInstanceOf(Step.Replace.class);
    }

    @Test
    void everyServerMayBeAMemberWhileTheMembershipIsUnknown() {
        // Given three servers that observed for a leader, of a resource that was created again, and a spec that wants
        // one
        // of
        // them
        Scene scene = Scene.of(3)
                .wanting("fix")
                .specAsksFor(1, 0)
                .neverTested()
                .member(1)
                .looking()
                .readySince(JUST_NOW)
                .member(2)
                .looking()
                .readySince(JUST_NOW)
                .member(3)
                .looking()
                .readySince(JUST_NOW)
                .scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void aMemberThatMayBeServingIsNotReplaced() {
        assertThat(decide(reverted().member(1).unknown().scene())).isInstanceOf(Decision.Wait.class);
        assertThat(decide(reverted().member(1).terminating().scene())).isInstanceOf(Decision.Wait.class);
        assertThat(stepOf(reverted().member(1).serving(Role.FOLLOWER).scene())).isInstanceOf(Step.Restart.class);
    }

    @Test
    void aMemberThatServesAndDoesNotGetReadyIsRestartedByTheRevert() {
        Scene scene = reverted().member(1).notReady().readySince(TOO_LONG_AGO).scene();

        assertThat(stepOf(scene)).isInstanceOf(Step.Restart.class);
        assertThat(stepOf(scene).describe()).isEqualTo("restart member 1");
        // The budget counts it as the one disruption that it allows, and permits its eviction nevertheless.
        assertThat(stepOf(scene.budget("ours", 0, 1, 2, 3))).isInstanceOf(Step.Restart.class);
    }

    @Test
    void servingMemberThatIsNotReadyStaysUntilTheDeadline() {
        Scene scene = reverted().member(1).notReady().readySince(JUST_NOW).scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void memberThatIsNotReadyStaysWhileMoreThanReadinessIsWrong() {
        assertThat(decide(unready().member(3).notReady().scene())).isInstanceOf(Decision.Stalled.class);
        assertThat(decide(unready().member(3).looking().scene())).isNotInstanceOf(Decision.Act.class);
        assertThat(decide(unready().member(3).unknown().scene())).isNotInstanceOf(Decision.Act.class);
        assertThat(decide(unready().leaderSeesFollowersInSync(1))).isNotInstanceOf(Decision.Act.class);
        assertThat(decide(unready().paused())).isInstanceOf(Decision.Stalled.class);
    }

    @Test
    void memberAtTheTargetRevisionThatIsNotReadyIsNotRestarted() {
        Scene scene = Scene.of(3)
                .ledBy(2)
                .member(1)
                .notReady()
                .readySince(TOO_LONG_AGO)
                .scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Stalled.class);
    }

    private static Scene unready() {
        return reverted().member(1).notReady().readySince(TOO_LONG_AGO).scene();
    }

    @Test
    void memberIsNotReplacedWhileAnotherIsUnknown() {
        Scene scene = reverted().member(1).crashed().member(3).unknown().scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void memberThatTheNextQuorumNeedsStaysUntilTheDeadline() {
        // Given no leader: member 3 will not come back, and members 1 and 2 are needed
        Scene scene = Scene.of(3)
                .wanting("new")
                .ledByNobody()
                .member(3)
                .revision("old")
                .withoutInstance()
                .member(1)
                .readySince(JUST_NOW)
                .member(2)
                .readySince(JUST_NOW)
                .scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void memberPastItsDeadlineIsReplacedAsTheLastResort() {
        Scene scene = Scene.of(3)
                .wanting("fix")
                .ledByNobody()
                .member(1)
                .readySince(JUST_NOW)
                .member(2)
                .readySince(TOO_LONG_AGO)
                .member(3)
                .readySince(JUST_NOW)
                .scene();

        assertThat(stepOf(scene).describe()).startsWith("replace member 2");
    }

    @Test
    void aBadRevisionDoesNotSpreadToAMemberThatCrashedForAMoment() {
        // Given that member 1 cannot start at the wanted revision, and member 2 of the old one crashes
        Scene scene = Scene.of(3)
                .wanting("bad")
                .ledBy(3)
                .member(1)
                .revision("bad")
                .pending(Problem.IMAGE, "ErrImagePull")
                .member(2)
                .crashed(Problem.MEMORY_LIMIT, "OOMKilled")
                .readySince(JUST_NOW)
                .scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Stalled.class);
    }

    @Test
    void badRevisionDoesNotSpreadWhileTheOthersFormAQuorum() {
        Scene scene = Scene.of(5)
                .wanting("bad")
                .member(4)
                .revision("bad")
                .looking()
                .member(5)
                .crashed(Problem.MEMORY_LIMIT, "OOMKilled")
                .readySince(JUST_NOW)
                .scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Stalled.class);
    }

    @Test
    void aBadRevisionDoesNotSpreadWhenTheQuorumIsLostForLong() {
        Scene scene = Scene.of(3)
                .wanting("bad")
                .ledByNobody()
                .member(1)
                .revision("bad")
                .crashed()
                .member(2)
                .readySince(TOO_LONG_AGO)
                .member(3)
                .readySince(TOO_LONG_AGO)
                .scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Stalled.class);
    }

    @Test
    void aBadRevisionDoesNotSpreadWhenAQuorumRunsItAndDoesNotServe() {
        Scene scene = Scene.of(3)
                .wanting("bad")
                .ledByNobody()
                .member(1)
                .revision("bad")
                .member(2)
                .revision("bad")
                .member(3)
                .readySince(TOO_LONG_AGO)
                .scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Stalled.class);
    }

    @Test
    void memberThatIsUnavailableLongestIsReplacedFirst() {
        Scene scene = Scene.of(5)
                .wanting("fix")
                .member(2)
                .looking()
                .readySince(JUST_NOW)
                .member(4)
                .crashed()
                .scene();

        assertThat(stepOf(scene).describe()).startsWith("replace member 4");
        scene.member(4).terminating();
        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void pauseKeepsStartedMembersAndTheStallNamesIt() {
        assertThat(decide(reverted().member(1).crashed().scene().paused()))
                .isInstanceOfSatisfying(Decision.Stalled.class, stalled -> assertThat(stalled.reason())
                        .contains("end the pause"));
        assertThat(stepOf(reverted()
                        .member(1)
                        .pending(Problem.IMAGE, "ErrImagePull")
                        .scene()
                        .paused()))
                .isInstanceOf(Step.Replace.class);
    }

    @Test
    void isolatedLeaderIsNoQuorum() {
        // Given that member 2 still reports that it leads, and counts no followers any more
        Scene scene =
                reverted().member(1).looking().readySince(JUST_NOW).scene().leaderSeesFollowersInSync(0);

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void twoBrieflyUnavailableMembersAreNotReplaced() {
        Scene scene = Scene.of(5)
                .wanting("fix")
                .member(2)
                .looking()
                .readySince(JUST_NOW)
                .member(4)
                .crashed()
                .readySince(JUST_NOW)
                .scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void crashingRevisionDoesNotSpreadDuringItsRestart() {
        Scene scene = Scene.of(3)
                .wanting("bad")
                .ledByNobody()
                .member(1)
                .revision("bad")
                .starting()
                .member(2)
                .readySince(TOO_LONG_AGO)
                .member(3)
                .readySince(TOO_LONG_AGO)
                .scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Stalled.class);
    }
}
