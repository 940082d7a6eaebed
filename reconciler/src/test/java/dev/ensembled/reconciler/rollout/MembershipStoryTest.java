package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Histories of membership changes that the simulation found first. */
class MembershipStoryTest {
    private static final Instant TOO_LONG_AGO = Scene.NOW.minus(Scene.PROGRESS_DEADLINE);
    private static final long RECONFIGURED = 0x100000010L;

    @Test
    void removedMemberThatStillFollowsJoinsAgainOnRequest() {
        // Given a scale-down to three that is reverted after member 5 has left the membership, and before its pod has
        // ended
        Scene scene = Scene.of(5).committed(Membership.ofMajority(0x100000000L, Set.of(1, 2, 3, 4), Set.of()));

        assertThat(stepOf(scene).describe()).isEqualTo("join member 5 as a voter");
    }

    @Test
    void leaderIsDemotedLastSoThatLeadershipChangesOnce() {
        // Given a leader that becomes an observer, while two other members are being removed
        Scene scene = Scene.of(5).ledBy(3).specAsksFor(1, 2);
        scene.committed(Membership.ofMajority(0x100000000L, Set.of(1, 3, 4, 5), Set.of(2)));
        scene.member(2).serving(Role.OBSERVER);

        assertThat(stepOf(scene).describe()).isEqualTo("remove member 5 from the membership");

        // When they have been removed
        scene.committed(Membership.ofMajority(0x100000000L, Set.of(1, 3), Set.of(2)));

        assertThat(stepOf(scene).describe()).isEqualTo("demote member 3 to observer");
    }

    @Test
    void readyMemberThatReconnectsIsNotReplaced() {
        // Given an outdated observer that was a voter a moment ago, before its probe has noticed
        Scene scene = Scene.of(3, 1).wanting("new");
        scene.member(4).looking().stillReady();

        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);
    }

    /** A non-committing leader, detected while another replica was being added. */
    private static Scene commitsNothing(long leaderHas) {
        Scene scene = Scene.of(3).committed(Membership.ofMajority(RECONFIGURED, Set.of(1, 2, 3), Set.of()));
        scene.member(1).zxid(leaderHas);
        return scene.reported(SanityTestingTest.failingSince(Scene.NOW.minusSeconds(20), "other-instances/100000000"));
    }

    @Test
    void nonCommittingLeaderIsMovedWhateverInstancesHaveChanged() {
        assertThat(stepOf(commitsNothing(RECONFIGURED)).describe()).isEqualTo("restart member 1 (leader)");
    }

    @Test
    void leaderElectedAfterTheReconfigurationIsNotMoved() {
        assertThat(stepOf(commitsNothing(0x200000001L))).isInstanceOf(Step.RunSanityTest.class);
    }

    @Test
    void aLeaderThatMayNotBeMovedIsTestedAgain() {
        assertThat(stepOf(commitsNothing(RECONFIGURED).budget("kafka-budget", 0, 1, 2, 3)))
                .isInstanceOf(Step.RunSanityTest.class);
    }

    @Test
    void leavingMemberThatNeverServesIsRemovedAfterTheDeadline() {
        Scene scene = Scene.of(3, 1).specAsksFor(3, 0);
        scene.member(4).looking().readySince(Scene.NOW.minusSeconds(1));
        assertThat(decide(scene)).isInstanceOf(Decision.Wait.class);

        scene.member(4).readySince(TOO_LONG_AGO);

        assertThat(stepOf(scene).describe()).isEqualTo("remove member 4 from the membership");
    }

    /** The status is lost in the middle of a scale-up: no server serves, and no server reports the membership. */
    private static Scene forgotten() {
        Scene scene = Scene.of(3).wanting("new").neverTested();
        scene.member(2).crashed().refusing(Disk.BLANK).revision("new").readySince(TOO_LONG_AGO);
        scene.member(3).crashed().refusing(Disk.BLANK).revision("new").readySince(TOO_LONG_AGO);
        return scene;
    }

    @Test
    void dataIsNotReportedLostWhileAMemberWithDataMayServe() {
        Scene scene = forgotten();
        scene.member(1).crashed().revision("new").readySince(TOO_LONG_AGO);

        assertThat(decide(scene))
                .asInstanceOf(type(Stalled.class))
                .extracting(Stalled::gate)
                .hasToString("member-crashing");
    }

    @Test
    void dataIsReportedLostWhenTheRemainingMembersFindNoQuorum() {
        Scene scene = forgotten();
        scene.member(1).looking().revision("new").readySince(TOO_LONG_AGO);

        assertThat(decide(scene))
                .asInstanceOf(type(Stalled.class))
                .extracting(Stalled::gate)
                .hasToString("data-lost");
    }

    @Test
    void dataIsReportedLostForAMemberOutsideTheSpecToo() {
        // Given two members, of which the spec asks for one, and no status
        Scene scene = Scene.of(2).specAsksFor(1, 0).neverTested();
        scene.member(1).looking().readySince(TOO_LONG_AGO);
        scene.member(2).refusing(Disk.BLANK).readySince(TOO_LONG_AGO);

        assertThat(decide(scene)).asInstanceOf(type(Stalled.class)).satisfies(stalled -> {
            assertThat(stalled.gate()).hasToString("data-lost");
            assertThat(stalled.reason()).contains("member 2 has a blank disk", "the membership is unknown");
        });
    }

    @Test
    void stoppedMembersAreNamedBeforeElectingMembersWithoutALeader() {
        Scene scene = Scene.of(2);
        scene.member(1).looking().readySince(TOO_LONG_AGO);
        scene.member(2).crashed().readySince(TOO_LONG_AGO);

        assertThat(decide(scene))
                .asInstanceOf(type(Stalled.class))
                .extracting(Stalled::reason)
                .asString()
                .startsWith("member 2 is not running: Error");
    }

    @Test
    void revertHealsTheOnlyMemberWithDataWhileOthersWaitForPermits() {
        Scene scene = forgotten();
        scene.member(1).crashed().revision("bad").readySince(TOO_LONG_AGO);

        assertThat(stepOf(scene).describe()).isEqualTo("replace member 1, which is not serving");
    }
}
