package dev.ensembled.reconciler.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Decision.Act;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbered steps of {@link Rollout}. */
class RolloutTest {

    static Decision decide(Scene scene) {
        return Rollout.next(scene.desired(), scene.observed(), Scene.NOW);
    }

    static Step stepOf(Scene scene) {
        return assertThat(decide(scene)).asInstanceOf(type(Act.class)).actual().step();
    }

    @Test
    void settledEnsembleNeedsNoStep() {
        assertThat(decide(Scene.of(3, 1))).isEqualTo(new Decision.Done());
    }

    @Test
    void objectsThatDifferAreAppliedFirst() {
        Scene scene = Scene.of(3)
                .wanting("new")
                .object("Service", State.CURRENT)
                .object("ConfigMap", State.MISSING)
                .object("StatefulSet", State.OUTDATED)
                .object("PodDisruptionBudget", State.DRIFTED, "spec.maxUnavailable")
                .object("Secret", State.SURPLUS)
                .object("Ingress", State.DRIFT_CONFLICT, "spec.rules");

        assertThat(stepOf(scene).describe())
                .isEqualTo("apply ConfigMap/kafka, StatefulSet/kafka, PodDisruptionBudget/kafka, Secret/kafka");
        assertThat(stepOf(scene).disruptive()).isFalse();
    }

    @Test
    void objectsAreAppliedEvenWhileAMemberIsUnknown() {
        Scene scene =
                Scene.of(3).object("Service", State.DRIFTED).member(2).unknown().scene();

        assertThat(stepOf(scene)).isInstanceOf(Step.Apply.class);
    }

    @Test
    void rolloutWaitsUntilThePlatformReportsTheRevision() {
        assertThat(decide(Scene.of(3).withoutTarget()))
                .asInstanceOf(type(Decision.Wait.class))
                .extracting(Decision.Wait::gate)
                .isEqualTo(Gate.REVISION);
    }

    @Test
    void newInstancesAreTestedThroughTheNewestBeforeTheNextStep() {
        Scene scene = Scene.of(3).neverTested();

        Step.RunSanityTest verify = (Step.RunSanityTest) stepOf(scene);

        assertThat(verify.writer()).isEqualTo(3);
        assertThat(verify.reader()).isEqualTo(2);
        assertThat(verify.disruptive()).isFalse();
    }

    @Test
    void ensembleOfOneIsTestedThroughItsOnlyMember() {
        Step.RunSanityTest verify = (Step.RunSanityTest) stepOf(Scene.of(1).neverTested());

        assertThat(List.of(verify.writer(), verify.reader())).containsExactly(1, 1);
    }

    @Test
    void sanityTestRunsAgainAfterAnInstanceChanged() {
        // Given an ensemble whose sanity test passed, and whose member 2 has been restarted after it
        Scene before = Scene.of(3);
        Scene after = Scene.of(3)
                .reported(before.observed().status())
                .member(2)
                .uid("another life")
                .scene();

        assertThat(stepOf(after)).isInstanceOf(Step.RunSanityTest.class);
    }

    @Test
    void sanityTestWaitsForAnAddress() {
        Scene scene = Scene.of(1).neverTested().member(1).withoutAddress().scene();

        assertThat(decide(scene))
                .asInstanceOf(type(Decision.Wait.class))
                .extracting(Decision.Wait::gate)
                .isEqualTo(Gate.SANITY_TEST);
    }

    @Test
    void restartsGoFromObserversOverFollowersToTheLeader() {
        Scene scene = Scene.of(3, 2).ledBy(2).wanting("new");
        List<String> roll = new ArrayList<>();

        for (int i = 0; i < 5; i++) {
            Step.Restart restart = (Step.Restart) stepOf(scene);
            roll.add(restart.describe());
            assertThat(restart.reasons()).hasToString("[CONFIG_CHANGED]");
            assertThat(restart.instance().uid()).isEqualTo("uid-" + restart.member());
            scene.member(restart.member()).revision("new");
        }

        assertThat(roll)
                .containsExactly(
                        "restart member 4",
                        "restart member 5",
                        "restart member 1",
                        "restart member 3",
                        "restart member 2 (leader)");
        assertThat(decide(scene)).isEqualTo(new Decision.Done());
    }

    @Test
    void leaderIsReadAgainBeforeEachStep() {
        Scene scene = Scene.of(3).ledBy(1).wanting("new");
        assertThat(stepOf(scene).describe()).isEqualTo("restart member 2");

        scene.ledBy(2);

        assertThat(stepOf(scene).describe()).isEqualTo("restart member 1");
    }

    @Test
    void onlyOutdatedMembersAreRestarted() {
        Scene scene = Scene.of(3)
                .wanting("new")
                .member(2)
                .revision("new")
                .member(1)
                .revision("new")
                .scene();

        assertThat(stepOf(scene).describe()).isEqualTo("restart member 3");
    }

    @Test
    void onlyMemberOfAnEnsembleOfOneIsRestarted() {
        assertThat(stepOf(Scene.of(1).wanting("new")).describe()).isEqualTo("restart member 1 (leader)");
    }

    @Test
    void decisionIsTheSameForTheSameObservation() {
        Scene scene =
                Scene.of(3).wanting("new").member(3).serving(Role.FOLLOWER).scene();

        assertThat(decide(scene)).isEqualTo(decide(scene));
    }
}
