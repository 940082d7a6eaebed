package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.rollout.Decision.Act;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bootstrap, data loss and return (docs/invariants.md, rule 10). */
class DataLossTest {
    private static final Memory FOUNDED_BY_THREE = Memory.NOTHING.bootstrapping(3, 0);

    @Test
    void bootstrapIsRecordedBeforeAnyObjectExists() {
        assertThat(stepOf(Scene.of(3, 1).unborn())).isEqualTo(new Step.Bootstrap(3, 1));
    }

    @Test
    void bootstrapMemberGetsAPermitWithTheBootstrapMembership() {
        Scene scene = Scene.of(3)
                .unborn()
                .memory(FOUNDED_BY_THREE)
                .member(2)
                .starting()
                .existing()
                .scene();

        assertThat(stepOf(scene)).asInstanceOf(type(Step.PermitStart.class)).satisfies(admit -> {
            assertThat(admit.member()).isEqualTo(2);
            assertThat(admit.permit()).isEqualTo(StartPermit.BOOTSTRAP);
            assertThat(admit.membership().voters()).containsExactlyInAnyOrder(1, 2, 3);
        });
    }

    @Test
    void changedVoterCountWaitsUntilTheBootstrapMembersServe() {
        Scene scene = Scene.of(3)
                .unborn()
                .memory(FOUNDED_BY_THREE)
                .specAsksFor(5, 0)
                .member(1)
                .starting()
                .existing()
                .scene();

        assertThat(((Step.PermitStart) stepOf(scene)).membership().voters()).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void volumesWithoutARecordPreventABootstrap() {
        // Given an ensemble whose resource was deleted and created again, with servers that wait for their disks
        Scene scene = Scene.of(3)
                .ledByNobody()
                .neverTested()
                .member(1)
                .refusing(Disk.BLANK)
                .member(2)
                .refusing(Disk.BLANK)
                .scene();

        assertThat(decide(scene)).asInstanceOf(type(Stalled.class)).satisfies(stalled -> {
            assertThat(stalled.gate()).hasToString("data-lost");
            assertThat(stalled.reason())
                    .contains("member 1 has a blank disk", "member 2", "1 of 3 voters have their data", "backup");
        });
    }

    @Test
    void serverThatHasServedPreventsABootstrap() {
        Scene scene = Scene.of(3).memory(FOUNDED_BY_THREE).member(3).starting().scene();

        assertThat(decide(scene)).isNotInstanceOf(Act.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Disk.class,
            names = {"BLANK", "FOREIGN", "CORRUPT"})
    void memberThatLostItsDataIsRemovedIfTheOthersHaveAQuorum(Disk disk) {
        Scene scene = Scene.of(3).member(3).refusing(disk).scene();

        assertThat(stepOf(scene).describe()).isEqualTo("remove member 3 from the membership");
    }

    @Test
    void removedMemberReturnsAsALearner() {
        Scene scene = Scene.of(3)
                .committed(Membership.ofMajority(0x100000002L, Set.of(1, 2), Set.of()))
                .member(3)
                .starting()
                .scene();

        assertThat(stepOf(scene)).asInstanceOf(type(Step.PermitStart.class)).satisfies(admit -> {
            assertThat(admit.permit()).isEqualTo(StartPermit.JOIN);
            assertThat(admit.membership().ids()).containsExactly(1, 2);
        });
    }

    @Test
    void waitingInstanceOnABlankDiskIsReplaced() {
        Scene scene = Scene.of(3)
                .committed(Membership.ofMajority(0x100000002L, Set.of(1, 2), Set.of()))
                .member(3)
                .refusing(Disk.BLANK)
                .scene();

        assertThat(stepOf(scene)).isInstanceOf(Step.Replace.class);
    }

    @Test
    void instanceWithAUsedPermitIsReplaced() {
        Scene scene = Scene.of(3)
                .committed(Membership.ofMajority(0x100000002L, Set.of(1, 2), Set.of()))
                .member(3)
                .refusing(Disk.CORRUPT)
                .admitted(StartPermit.JOIN)
                .scene();

        assertThat(stepOf(scene)).isInstanceOf(Step.Replace.class);
    }

    @Test
    void bootstrapMemberWithAnUnreadableDiskStallsForAPerson() {
        Scene scene = Scene.of(1)
                .unborn()
                .memory(Memory.NOTHING.bootstrapping(1, 0))
                .member(1)
                .refusing(Disk.CORRUPT)
                .admitted(StartPermit.BOOTSTRAP)
                .existing()
                .scene();

        assertThat(decide(scene)).asInstanceOf(type(Stalled.class)).satisfies(stalled -> {
            assertThat(stalled.gate()).hasToString("member-data");
            assertThat(stalled.reason()).contains("member 1 has a disk that it cannot read");
        });
    }

    @Test
    void voterOfTwoThatLostItsDataIsNotRemoved() {
        Scene scene = Scene.of(2).ledByNobody().member(2).refusing(Disk.BLANK).scene();

        assertThat(decide(scene))
                .asInstanceOf(type(Stalled.class))
                .extracting(Stalled::gate)
                .hasToString("data-lost");
    }

    @Test
    void memberIsNotRemovedWhileAnotherCannotBeRead() {
        Scene scene =
                Scene.of(5).member(5).refusing(Disk.BLANK).member(4).unknown().scene();

        assertThat(decide(scene)).isNotInstanceOf(Act.class);
        assertThat(MutatedRollout.withoutGates(scene.desired(), scene.observed(), Scene.NOW, Set.of(Gate.LOSS_BLIND)))
                .isInstanceOf(Act.class);
    }

    @Test
    void gateNamesWhatKeepsAMemberThatLostItsData() {
        // Given a member that lost its data, and a pod that stays terminating because its node is gone
        Scene scene = Scene.of(5)
                .member(3)
                .refusing(Disk.CORRUPT)
                .member(4)
                .unknown()
                .terminating()
                .scene();

        assertThat(decide(scene)).asInstanceOf(type(Stalled.class)).satisfies(stalled -> {
            assertThat(stalled.gate()).hasToString("member-data");
            assertThat(stalled.reason())
                    .contains("member 3 has a disk that it cannot read", "because member 4 cannot be read");
        });
    }

    @Test
    void possibleMembersStartWhileTheMembershipIsUnknown() {
        Scene scene = Scene.of(3).ledByNobody().volume(Volume.of("data-kafka-4", "data", 5, 1, 1));

        assertThat(Situation.of(scene.desired(), scene.observed(), Scene.NOW).replicas())
                .isEqualTo(5);
    }

    @Test
    void aPersonMayAcceptThatWritesAreLost() {
        Scene scene = Scene.of(3).wanting("new").remembering(2, 0x101);

        assertThat(decide(scene)).isInstanceOf(Stalled.class);
        assertThat(stepOf(scene.requests(new Requests(
                        Optional.empty(), Optional.empty(), Optional.of("7"), Optional.empty(), Optional.empty()))))
                .isInstanceOf(Step.Restart.class);
    }
}
