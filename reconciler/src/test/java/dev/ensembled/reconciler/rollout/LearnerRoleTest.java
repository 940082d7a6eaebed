package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.MemberSketch;
import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server.Role;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The role that a server reports before it is a member. */
class LearnerRoleTest {

    @Test
    void learnerThatReportsItselfAsFollowerJoins() {
        // Given a server that was permitted to start and has received the data of the others
        Scene scene = Scene.of(4)
                .committed(Membership.ofMajority(0x100000000L, Set.of(1, 2, 3), Set.of()))
                .specAsksFor(5, 0)
                .places(4)
                .member(4)
                .admitted(StartPermit.JOIN)
                .serving(Role.FOLLOWER)
                .scene();

        // Then it joins, whatever role it reports
        assertThat(stepOf(scene)).isInstanceOfSatisfying(Step.Reconfigure.class, join -> {
            assertThat(join.change()).isEqualTo(Step.Change.JOIN);
            assertThat(join.to().sameAs(Membership.ofMajority(0, Set.of(1, 2, 3, 4), Set.of())))
                    .isTrue();
        });
    }

    @Test
    void learnerThatTheLeaderNoLongerCountsGetsNoVote() {
        // Given a single voter, and a learner that lost its connection to it a moment ago and has not noticed yet
        Scene scene = Scene.of(2)
                .committed(Membership.ofMajority(0x100000000L, Set.of(1), Set.of()))
                .member(2)
                .admitted(StartPermit.JOIN)
                .serving(Role.FOLLOWER)
                .member(1)
                .serving(Role.LEADER)
                .feeding(-1, 0)
                .scene();

        assertThat(RolloutTest.decide(scene)).isInstanceOfSatisfying(Decision.Wait.class, wait -> {
            assertThat(wait.gate()).hasToString("reconfiguration-quorum");
            assertThat(wait.reason()).contains("reports 0 of 1 learners");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void memberThatTheLeaderMayCountIsNotTakenForTheJoiner(boolean learnt) {
        // Given a single voter that counts one learner, and two servers that may be this learner: the one to join now,
        // and the next
        Scene scene = Scene.of(3)
                .committed(Membership.ofMajority(0x100000000L, Set.of(1), Set.of()))
                .member(2)
                .admitted(StartPermit.JOIN)
                .serving(Role.FOLLOWER)
                .scene();
        MemberSketch next = scene.member(3).admitted(StartPermit.JOIN);
        scene = (learnt ? next.serving(Role.FOLLOWER) : next.looking()).scene();
        Scene counting =
                scene.member(1).serving(Role.LEADER).feeding(learnt ? -1 : 0, 0).scene();

        assertThat(RolloutTest.decide(counting)).isInstanceOfSatisfying(Decision.Wait.class, wait -> {
            assertThat(wait.gate()).hasToString("reconfiguration-quorum");
            assertThat(wait.reason()).contains("reports 1 of 2 learners");
        });
    }

    @Test
    void anObserverBesideASingleVoterLeavesBeforeItJoinsAsAVoter() {
        // ZooKeeper counts only servers that follow, and with two voters that would be one
        assertThat(stepOf(Scene.of(1, 2).specAsksFor(3, 0))).isInstanceOfSatisfying(Step.Reconfigure.class, change -> {
            assertThat(change.change()).isEqualTo(Step.Change.REMOVE);
            assertThat(change.member()).isEqualTo(2);
        });
        assertThat(stepOf(Scene.of(3, 1).specAsksFor(5, 0).places(4)))
                .isInstanceOfSatisfying(Step.Reconfigure.class, change -> assertThat(change.change())
                        .isEqualTo(Step.Change.PROMOTE));
    }
}
