package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.report.StatusReport;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** No single doubtful answer takes a server down without budgets, windows and approval (docs/invariants.md, rule 3). */
class EvidenceTest {
    private static final Instant FOR_A_WHILE = Scene.NOW.minus(Evidence.AGREED_FOR);
    private static final Instant TOO_LONG_AGO = Scene.NOW.minus(Scene.PROGRESS_DEADLINE);

    /** An outdated member 2 and its probe have reported for longer than the progress deadline that it does not serve. */
    private static Scene denying(int voters) {
        return Scene.of(voters)
                .wanting("new")
                .member(2)
                .looking()
                .readySince(TOO_LONG_AGO)
                .scene();
    }

    @Test
    void memberThatTheLeaderDoesNotCountIsReplaced() {
        assertThat(stepOf(denying(3)).describe()).isEqualTo("replace member 2, which is not serving");
        assertThat(stepOf(Scene.of(3, 1)
                        .wanting("new")
                        .member(4)
                        .looking()
                        .readySince(FOR_A_WHILE)
                        .scene()))
                .isInstanceOf(Step.Replace.class);
    }

    @Test
    void memberWithBriefEvidenceOfFailureIsNotReplaced() {
        Scene scene =
                denying(3).member(2).readySince(FOR_A_WHILE.plusSeconds(1)).scene();

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void memberWhoseDoubtEndedIsNotReplaced() {
        // Given a follower that answers wrong, and another one that was isolated and has not noticed it yet
        Scene scene =
                denying(3).member(2).inDoubtUntil(Scene.NOW.minusSeconds(2)).scene();

        assertThat(decide(scene)).isNotInstanceOf(Decision.Act.class);
    }

    @Test
    void readyMemberIsNotReplaced() {
        assertThat(decide(denying(3).member(2).stillReady().scene())).isNotInstanceOf(Decision.Act.class);
    }

    @Test
    void leaderWithFollowersIsNotReplacedForWrongAnswers() {
        // Given that member 1 leads and does not report it
        Scene scene = Scene.of(3)
                .wanting("new")
                .member(1)
                .looking()
                .readySince(TOO_LONG_AGO)
                .scene();

        assertThat(decide(scene)).isInstanceOfSatisfying(Decision.Stalled.class, stalled -> {
            assertThat(stalled.gate()).hasToString("member-not-serving");
            assertThat(stalled.reason())
                    .contains(
                            "member 1 runs, but is not serving: looking. Other servers contradict that",
                            "member 2 reports the role follower, member 3 reports the role follower",
                            "it may belong to a quorum, or lead it",
                            "restart it by hand");
        });
        assertThat(decide(scene.member(3).looking().readySince(TOO_LONG_AGO).scene()))
                .isNotInstanceOf(Decision.Act.class);
    }

    @Test
    void leaderWithFollowersIsNotReplacedForARefusedConnection() {
        Scene scene = Scene.of(3)
                .wanting("new")
                .member(1)
                .starting()
                .readySince(TOO_LONG_AGO)
                .scene();

        assertThat(decide(scene)).isNotInstanceOf(Decision.Act.class);
    }

    @Test
    void followerThatTheLeaderCountsLeavesLikeAHealthyMember() {
        assertThat(stepOf(counted(UnaryOperator.identity())))
                .isInstanceOfSatisfying(Step.Restart.class, restart -> assertThat(restart.member())
                        .isEqualTo(2));
        assertThat(decide(counted(Scene::paused))).isInstanceOf(Decision.Stalled.class);
        assertThat(decide(counted(scene -> scene.budgetBehind("kafka", 1, 2, 3))))
                .isInstanceOfSatisfying(
                        Decision.Wait.class, wait -> assertThat(wait.gate()).hasToString("budget"));
        assertThat(decide(
                        counted(scene -> scene.member(2).readySince(FOR_A_WHILE).scene())))
                .isInstanceOfSatisfying(Decision.Wait.class, wait -> assertThat(wait.reason())
                        .contains("leader 1 counts one more server in sync than the other members report"));
    }

    private static Scene counted(UnaryOperator<Scene> otherwise) {
        return otherwise.apply(denying(3).leaderSeesFollowersInSync(2));
    }

    @Test
    void anObserverThatTheLeaderCountsIsNotReplaced() {
        Scene scene = Scene.of(3, 2)
                .wanting("new")
                .member(4)
                .looking()
                .readySince(FOR_A_WHILE)
                .scene()
                .leaderSeesObserversInSync(2);

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void memberIsReplacedWithoutAQuorumIfAllAgreeUntilItsDeadline() {
        Scene scene = denying(3).ledByNobody();
        scene.member(1).readySince(TOO_LONG_AGO);
        scene.member(3).readySince(FOR_A_WHILE);

        assertThat(stepOf(scene)).isInstanceOf(Step.Replace.class);
        assertThat(decide(scene.member(1)
                        .inDoubtUntil(FOR_A_WHILE)
                        .member(2)
                        .inDoubtUntil(FOR_A_WHILE)
                        .scene()))
                .isNotInstanceOf(Decision.Act.class);
    }

    @Test
    void memberStaysWithoutAQuorumIfAnotherServesOrIsUnreadable() {
        Scene unreadable = denying(3).ledByNobody().member(3).unknown().scene();
        assertThat(decide(unreadable)).isInstanceOf(Decision.Stalled.class);

        Scene lost =
                denying(3).ledByNobody().member(3).lostFromSight().unknown().scene();
        assertThat(decide(lost)).isInstanceOf(Decision.Stalled.class);

        Scene follows =
                denying(3).ledByNobody().member(3).serving(Role.FOLLOWER).scene();
        assertThat(decide(follows)).isNotInstanceOf(Decision.Act.class);
    }

    @Test
    void onlyServerIsReplacedAfterItsProgressDeadline() {
        Scene scene = Scene.of(1).wanting("fix").member(1).looking().scene();

        assertThat(decide(scene.member(1).readySince(FOR_A_WHILE).scene())).isInstanceOf(Decision.Wait.class);
        assertThat(stepOf(scene.member(1).readySince(TOO_LONG_AGO).scene())).isInstanceOf(Step.Replace.class);
    }

    @Test
    void exitedProcessIsEvidenceUnlessAServerAnswers() {
        Scene gone = Scene.of(3).wanting("new").member(1).crashed().scene();
        gone.ledBy(2).member(1).crashed().readySince(Scene.NOW);
        assertThat(stepOf(gone)).isInstanceOf(Step.Replace.class);

        gone.member(1).answeringNevertheless();
        assertThat(decide(gone)).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void aMemberThatIsContradictedIsReportedAsUnknown() {
        assertThat(roleOfMember2(counted(UnaryOperator.identity()))).isEqualTo("unknown");
        assertThat(roleOfMember2(denying(3))).isEqualTo("not serving");
        assertThat(roleOfMember2(denying(3).member(1).looking().scene())).isEqualTo("unknown");
    }

    private static String roleOfMember2(Scene scene) {
        return StatusReport.of(
                        EnsembleStatus.empty(),
                        scene.desired(),
                        scene.observed(),
                        decide(scene),
                        Optional.empty(),
                        Scene.NOW)
                .members()
                .get(1)
                .role();
    }
}
