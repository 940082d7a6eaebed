package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.MemberSketch;
import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.spec.model.RolloutSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The super user's password is rotated: a leader that may not know the new one is restarted before it gets a request with
 * it.
 */
class CredentialsTest {

    private static Membership members(Set<Integer> voters, Integer... observers) {
        return Membership.ofMajority(0x100000007L, voters, Set.of(observers));
    }

    /** Steps until no restart is left; each restarted server is back at once. */
    private static List<String> roll(Scene scene) {
        List<String> steps = new ArrayList<>();
        Step next = stepOf(scene);
        while (next instanceof Step.Restart restart) {
            steps.add(restart.describe());
            scene.member(restart.member()).revision("rekeyed");
            next = stepOf(scene);
        }
        steps.add(next.describe());
        return steps;
    }

    private static MemberSketch learner(Scene scene, int id) {
        return scene.place(id).serving(Role.FOLLOWER).admitted(StartPermit.JOIN);
    }

    @Test
    void serversRestartBeforeTheMembershipChanges() {
        // Given a learner that was started with the new password, and waits to join
        Scene scene = Scene.of(3).wantingOtherCredentials().specAsksFor(5, 0).places(4);
        learner(scene, 4).revision("rekeyed");

        assertThat(roll(scene))
                .containsExactly(
                        "restart member 2",
                        "restart member 3",
                        "restart member 1 (leader)",
                        "join member 4 as a voter");
    }

    @Test
    void aLearnerThatWasStartedBeforeIsRestartedToo() {
        Scene scene = Scene.of(3).wantingOtherCredentials().specAsksFor(5, 0).places(4);
        learner(scene, 4);

        assertThat(roll(scene))
                .containsExactly(
                        "restart member 2",
                        "restart member 3",
                        "restart member 4",
                        "restart member 1 (leader)",
                        "join member 4 as a voter");
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of(Scene.of(3, 2).specAsksFor(5, 0), "promote member 4 to voter"),
                Arguments.of(Scene.of(5).specAsksFor(3, 2), "demote member 5 to observer"),
                Arguments.of(Scene.of(5).specAsksFor(3, 0), "remove member 5 from the membership"),
                Arguments.of(Scene.of(5).specAsksFor(3, 0).ledBy(4), "remove member 5 from the membership"),
                Arguments.of(
                        Scene.of(4).specAsksFor(3, 0).ledBy(4).committed(members(Set.of(1, 2, 3, 4))),
                        "demote member 4 to observer"),
                Arguments.of(Scene.of(3, 1).specAsksFor(3, 0), "remove member 4 from the membership"));
    }

    /**
     * Members that are being removed are restarted too: no member is removed before the leader accepts the password, and
     * the leader may be one of them.
     */
    @ParameterizedTest
    @MethodSource("changes")
    void membersRestartOnceAndThenTheMembershipChanges(Scene scene, String change) {
        scene.wantingOtherCredentials();
        int leader = scene.observed().leader().orElseThrow().id();
        int members = scene.observed().members().size();

        List<String> steps = roll(scene);

        assertThat(steps).last().isEqualTo(change);
        assertThat(steps.subList(0, steps.size() - 1))
                .doesNotHaveDuplicates()
                .hasSize(members)
                .last()
                .isEqualTo("restart member " + leader + " (leader)");
    }

    @Test
    void aSingleVoterIsRestartedBesideALearner() {
        Scene scene = Scene.of(1).wantingOtherCredentials().specAsksFor(3, 0).places(2);
        learner(scene, 2).revision("rekeyed");

        assertThat(roll(scene)).containsExactly("restart member 1 (leader)", "join member 2 as a voter");
    }

    @Test
    void twoVotersAreReconfiguredWithoutACredentialsRestart() {
        // Given scale-ups from one voter and scale-downs to one, each of which is interrupted by a new password
        Scene up = Scene.of(2).wantingOtherCredentials().specAsksFor(3, 0).places(3);
        learner(up, 3);
        Scene down = Scene.of(2).wantingOtherCredentials().specAsksFor(1, 0);

        assertThat(stepOf(up).describe()).isEqualTo("join member 3 as a voter");
        assertThat(stepOf(down).describe()).isEqualTo("remove member 2 from the membership");
    }

    @Test
    void removedMemberIsNotRestartedAndScalesDownFirstIfNeeded() {
        // Given a replica that is kept because the leader has the next ordinal, and the leader is being removed too
        Scene scene =
                Scene.of(4).wantingOtherCredentials().specAsksFor(1, 0).ledBy(4).committed(members(Set.of(1, 2, 4)));
        assertThat(roll(scene))
                .containsExactly(
                        "restart member 1",
                        "restart member 2",
                        "restart member 4 (leader)",
                        "remove member 2 from the membership");

        scene.member(4).revision("old");
        scene.member(3).crashed();

        assertThat(stepOf(scene).describe()).isEqualTo("remove member 2 from the membership");
    }

    @Test
    void leavingMemberCountsAsUnavailableDuringItsRestart() {
        Scene scene = Scene.of(3, 1).wantingOtherCredentials().specAsksFor(3, 0);
        scene.member(4)
                .revision("rekeyed")
                .pending(Problem.NONE, "ContainerCreating")
                .readySince(Scene.NOW);
        assertThat(gate(scene)).hasToString("member-down");

        scene.member(4).readySince(Scene.NOW.minus(Scene.PROGRESS_DEADLINE));

        assertThat(stepOf(scene).describe()).isEqualTo("remove member 4 from the membership");
    }

    @Test
    void membershipStillChangesBeforeOtherRestarts() {
        // Given followers that have other credentials, and a leader that does not, as after an election
        Scene scene = Scene.of(3, 1).wantingOtherCredentials().specAsksFor(3, 0);
        scene.member(1).revision("rekeyed");

        assertThat(stepOf(scene).describe()).isEqualTo("remove member 4 from the membership");
    }

    @Test
    void leaderWithThePreviousPasswordIsRestartedWithoutHandover() {
        Scene scene = Scene.of(3).wantingOtherCredentials().spec(spec -> spec.handOffLeader(true));
        scene.member(2).revision("rekeyed");
        scene.member(3).revision("rekeyed");

        assertThat(stepOf(scene)).isInstanceOfSatisfying(Step.Restart.class, restart -> {
            assertThat(restart.leader()).isTrue();
            assertThat(restart.reasons()).containsExactly(RestartReason.CREDENTIALS_CHANGED);
        });
    }

    /** A former leader that handed off the leadership for its restart, and has not been restarted yet. */
    private static Scene handedOver(int voters) {
        Set<Integer> others = IntStream.rangeClosed(2, voters).boxed().collect(Collectors.toSet());
        Scene scene = Scene.of(voters)
                .wantingOtherCredentials()
                .spec(spec -> spec.handOffLeader(true))
                .ledBy(voters)
                .committed(members(others, 1));
        scene.member(1).serving(Role.OBSERVER);
        return scene;
    }

    @Test
    void formerLeaderIsRestartedAndPromotedAfterTheOthers() {
        assertThat(roll(handedOver(5)))
                .containsExactly(
                        "restart member 1",
                        "restart member 2",
                        "restart member 3",
                        "restart member 4",
                        "restart member 5 (leader)",
                        "promote member 1 to voter");
        // Neither of the two remaining voters can be restarted before it votes again.
        assertThat(roll(handedOver(3))).containsExactly("restart member 1", "promote member 1 to voter");
    }

    @Test
    void gateThatHoldsRestartsHoldsTheMembershipToo() {
        Scene paused =
                Scene.of(3, 1).wantingOtherCredentials().specAsksFor(3, 0).paused();
        Scene outside = Scene.of(3, 1)
                .wantingOtherCredentials()
                .specAsksFor(3, 0)
                .spec(spec -> spec.windows(List.of(new RolloutSpec.Window("0 2 * * *", Duration.ofHours(1), "UTC"))));

        assertThat(gate(paused)).hasToString("paused");
        assertThat(gate(outside)).hasToString("window");
    }

    private static String gate(Scene scene) {
        return assertThat(decide(scene))
                .asInstanceOf(type(Wait.class))
                .actual()
                .gate()
                .toString();
    }

    @Test
    void memberThatLostItsDiskIsRemovedWithThePreviousPassword() {
        Scene scene = Scene.of(3).wantingOtherCredentials();
        scene.member(3).refusing(Disk.BLANK).revision("rekeyed");

        assertThat(stepOf(scene).describe()).isEqualTo("remove member 3 from the membership");
    }
}
