package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A member that does not have the role that the committed configuration gives it (docs/invariants.md, rule 5). */
class MemberRoleTest {
    private static final Instant DEADLINE_PASSED = Scene.NOW.minus(Scene.PROGRESS_DEADLINE);

    /** A member 4 that the committed configuration gives another role than it reports. */
    enum Difference {
        OBSERVER_FOLLOWS(Role.FOLLOWER, "member 4 reports the role follower; expected an observer"),
        VOTER_OBSERVES(Role.OBSERVER, "member 4 reports the role observer; expected a voter");

        private final Role reported;
        private final String reason;

        Difference(Role reported, String reason) {
            this.reported = reported;
            this.reason = reason;
        }

        Scene scene() {
            Scene scene = this == OBSERVER_FOLLOWS ? Scene.of(3, 1) : Scene.of(4);
            return scene.wanting("new").member(4).serving(reported).scene();
        }
    }

    @ParameterizedTest
    @EnumSource(Difference.class)
    void otherRoleHoldsTheRolloutAndNoOtherGateDoes(Difference difference) {
        Scene scene = difference.scene();

        assertThat(decide(scene)).isInstanceOfSatisfying(Wait.class, wait -> {
            assertThat(wait.gate()).hasToString("member-role");
            assertThat(wait.reason()).startsWith(difference.reason);
            assertThat(wait.until()).contains(Scene.NOW.plus(Scene.PROGRESS_DEADLINE));
        });
        assertThat(MutatedRollout.withoutGates(
                        scene.desired(), scene.observed(), Scene.NOW, Set.of(MutatedRollout.gateNamed("member-role"))))
                .isInstanceOf(Decision.Act.class);
    }

    @ParameterizedTest
    @EnumSource(Difference.class)
    void otherRoleStallsAtTheProgressDeadline(Difference difference) {
        Scene late = difference.scene().reported(closedSince("member-role", DEADLINE_PASSED));

        assertThat(decide(late)).isInstanceOfSatisfying(Stalled.class, stalled -> {
            assertThat(stalled.gate()).hasToString("member-role");
            assertThat(stalled.reason()).startsWith(difference.reason).contains("(300s)", "delete its pod");
        });
    }

    @Test
    void timeCountsFromWhenTheStatusFirstHadTheGate() {
        Scene early =
                Difference.VOTER_OBSERVES.scene().reported(closedSince("member-role", DEADLINE_PASSED.plusSeconds(1)));
        Scene after = Difference.VOTER_OBSERVES.scene().reported(closedSince("settle", DEADLINE_PASSED));

        assertThat(decide(early)).isInstanceOfSatisfying(Wait.class, wait -> assertThat(wait.until())
                .contains(Scene.NOW.plusSeconds(1)));
        assertThat(decide(after)).isInstanceOfSatisfying(Wait.class, wait -> assertThat(wait.until())
                .contains(Scene.NOW.plus(Scene.PROGRESS_DEADLINE)));
    }

    @Test
    void memberInItsRoleDoesNotHoldTheRollout() {
        assertThat(stepOf(Scene.of(3, 1).wanting("new"))).isInstanceOf(Step.Restart.class);
    }

    private static EnsembleStatus closedSince(String gate, Instant since) {
        RolloutStatus rollout = new RolloutStatus(null, gate, "", since.toString(), 0);
        return new EnsembleStatus(
                null, null, null, null, null, null, true, null, rollout, null, null, null, null, null);
    }
}
