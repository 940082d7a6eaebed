package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed.Replicas;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Decision.Act;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From the committed membership to the wanted one, one member at a time (docs/invariants.md, rule 8). */
class MembershipTest {

    private static Step.Reconfigure change(Scene scene) {
        assertThat(stepOf(scene)).isInstanceOf(Step.Reconfigure.class);
        return (Step.Reconfigure) stepOf(scene);
    }

    private static Membership members(Set<Integer> voters, Integer... observers) {
        return Membership.ofMajority(0x100000007L, voters, Set.of(observers));
    }

    @Test
    void aServerThatSyncsAsALearnerJoins() {
        Scene scene = Scene.of(3)
                .specAsksFor(5, 0)
                .place(4)
                .serving(Role.OBSERVER)
                .scene()
                .place(5)
                .withoutInstance()
                .scene();

        assertThat(change(scene).describe()).isEqualTo("join member 4 as a voter");
        assertThat(change(scene).to().voters()).containsExactlyInAnyOrder(1, 2, 3, 4);
        assertThat(change(scene).leader().host()).isEqualTo("kafka-0");
    }

    @Test
    void replicaIsAddedOnlyAfterTheLastOneJoined() {
        Scene three = Scene.of(3).specAsksFor(5, 0);
        Scene four = Scene.of(4).specAsksFor(5, 0);

        assertThat(places(three)).isEqualTo(4);
        assertThat(places(four)).isEqualTo(5);
        assertThat(places(Scene.of(5).specAsksFor(3, 0))).isEqualTo(5);
        assertThat(places(Scene.of(3).specAsksFor(3, 0).places(5))).isEqualTo(3);
    }

    private static int places(Scene scene) {
        return Situation.of(scene.desired(), scene.observed(), Scene.NOW).replicas();
    }

    @Test
    void rolloutWaitsForAJoinerThatDoesNotServeYet() {
        Scene scene = Scene.of(3)
                .specAsksFor(5, 0)
                .place(4)
                .admitted(StartPermit.JOIN)
                .looking()
                .readySince(Scene.NOW)
                .scene();

        assertThat(decide(scene))
                .asInstanceOf(type(Wait.class))
                .extracting(Wait::gate)
                .hasToString("member-down");
    }

    @Test
    void observerThatShouldVoteIsPromoted() {
        Scene scene = Scene.of(3, 2).specAsksFor(5, 0);

        assertThat(change(scene).describe()).isEqualTo("promote member 4 to voter");
        assertThat(change(scene).to().observers()).containsExactly(5);
    }

    @Test
    void voterThatShouldObserveIsDemotedTheHighestFirst() {
        assertThat(change(Scene.of(5).specAsksFor(3, 2)).describe()).isEqualTo("demote member 5 to observer");
    }

    @Test
    void memberWithTheHighestOrdinalLeavesFirst() {
        assertThat(change(Scene.of(5).specAsksFor(3, 0)).describe()).isEqualTo("remove member 5 from the membership");
    }

    @Test
    void leaderLeavesLastAfterItsHandover() {
        Scene both = Scene.of(5).specAsksFor(3, 0).ledBy(5);
        Scene onlyTheLeader = Scene.of(5).specAsksFor(3, 0).ledBy(5).committed(members(Set.of(1, 2, 3, 5)));

        assertThat(change(both).describe()).isEqualTo("remove member 4 from the membership");
        assertThat(change(onlyTheLeader).describe()).isEqualTo("demote member 5 to observer");
    }

    @Test
    void onlyRemovedMembersAreScaledDown() {
        // Given servers 4 and 5, which still follow although the committed membership does not contain them
        Scene scene = Scene.of(5)
                .specAsksFor(3, 0)
                .committed(members(Set.of(1, 2, 3)))
                .places(5);

        assertThat(stepOf(scene)).isEqualTo(new Step.ScaleDown(new Replicas(5, "1"), 3, List.of(4, 5)));
    }

    @Test
    void leavingMemberThatDoesNotRunIsRemovedWithoutAWait() {
        Scene scene = Scene.of(5)
                .specAsksFor(3, 0)
                .member(5)
                .pending(Problem.UNSCHEDULABLE, "Unschedulable")
                .scene();

        assertThat(change(scene).describe()).isEqualTo("remove member 5 from the membership");
    }

    @Test
    void leavingMemberThatDoesNotRunStaysWithoutAQuorumOfTheOthers() {
        Scene scene = Scene.of(3)
                .specAsksFor(1, 0)
                .member(3)
                .pending(Problem.UNSCHEDULABLE, "Unschedulable")
                .member(2)
                .crashed()
                .member(1)
                .looking()
                .scene();

        assertThat(decide(scene)).isNotInstanceOf(Act.class);
    }

    @Test
    void membershipDoesNotChangeWhileAMemberIsUnavailable() {
        Scene scene = Scene.of(3, 2).specAsksFor(5, 0).member(2).looking().scene();

        assertThat(decide(scene)).isNotInstanceOf(Act.class);
    }

    @Test
    void pauseHoldsTheMembershipToo() {
        Scene scene = Scene.of(3, 2).specAsksFor(5, 0).paused();

        assertThat(decide(scene).closedGate()).contains(Gate.PAUSED);
    }

    @Test
    void groupsAreAddedAfterTheMembersChange() {
        Map<String, String> groups = Map.of("group.1", "1", "group.2", "2", "group.3", "3");
        Scene scene = Scene.of(3).spec(spec -> spec.config(groups));

        assertThat(change(scene).describe()).isEqualTo("change how votes are counted");
        assertThat(change(scene).to().groups()).isEqualTo(Map.of(1, 1, 2, 2, 3, 3));
    }

    @Test
    void groupsAreRemovedBeforeTheMembersChange() {
        Membership grouped = members(Set.of(1, 2, 3, 4, 5)).counting(Map.of(1, 1, 2, 1, 3, 2, 4, 2, 5, 3), Map.of());
        Scene scene = Scene.of(5).specAsksFor(3, 0).committed(grouped);

        assertThat(change(scene).describe()).isEqualTo("change how votes are counted");
        assertThat(change(scene).to().groups()).isEmpty();
    }

    @Test
    void aLeaderThatHandsOverIsDemotedRestartedAndPromotedAgain() {
        Scene before = Scene.of(3)
                .wanting("new")
                .spec(spec -> spec.handOffLeader(true))
                .member(2)
                .revision("new")
                .member(3)
                .revision("new")
                .scene();
        Scene handedOver = Scene.of(3)
                .wanting("new")
                .spec(spec -> spec.handOffLeader(true))
                .committed(members(Set.of(2, 3), 1))
                .ledBy(3)
                .member(1)
                .serving(Role.OBSERVER)
                .member(2)
                .revision("new")
                .member(3)
                .revision("new")
                .scene();
        Scene restarted = Scene.of(3)
                .spec(spec -> spec.handOffLeader(true))
                .committed(members(Set.of(2, 3), 1))
                .ledBy(3)
                .member(1)
                .serving(Role.OBSERVER)
                .scene();

        assertThat(change(before).describe()).isEqualTo("demote member 1 to observer");
        assertThat(stepOf(handedOver).describe()).isEqualTo("restart member 1");
        assertThat(change(restarted).describe()).isEqualTo("promote member 1 to voter");
    }

    @Test
    void membershipChangeIsTestedBeforeTheNextOne() {
        // Given the same instances, whose sanity test passed in the previous membership
        Scene scene = Scene.of(5).specAsksFor(3, 0);
        String lastTested =
                Situation.of(scene.desired(), scene.observed(), Scene.NOW).fingerprint();
        Scene after = Scene.of(5)
                .specAsksFor(3, 0)
                .committed(members(Set.of(1, 2, 3, 4, 5)))
                .reported(EnsembleStatus.empty().withSanityTested(lastTested));

        assertThat(stepOf(after)).isInstanceOf(Step.RunSanityTest.class);
    }
}
