package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.MemberStatusSketch;
import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision.Refused;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Another version of ZooKeeper, and servers that run another version than the wanted one. */
class UpgradeTest {
    private static Scene running(String version, String wanted) {
        Scene scene = Scene.of(3).wanting("new").spec(spec -> spec.version(wanted));
        for (int id = 1; id <= 3; id++) {
            scene.member(id).version(version);
        }
        return scene;
    }

    @Test
    void anOlderMinorVersionIsRefusedOnceEveryServerRunsTheNewer() {
        assertThat(decide(running("3.9.5", "3.8.6")))
                .asInstanceOf(type(Refused.class))
                .extracting(Refused::reason)
                .asString()
                .contains("every server runs 3.9.5", "asks for 3.8.6", "spec.allow.downgrade");
    }

    @Test
    void revertDuringAnUpgradeGoesBack() {
        Scene scene = running("3.8.6", "3.8.6").member(2).version("3.9.5").scene();

        assertThat(stepOf(scene)).isInstanceOf(Step.Restart.class);
    }

    @Test
    void allowedDowngradeAndOlderPatchProceed() {
        assertThat(stepOf(running("3.9.5", "3.8.6").spec(spec -> spec.allowDowngrade(true))))
                .isInstanceOf(Step.Restart.class);
        assertThat(stepOf(running("3.9.5", "3.9.4"))).isInstanceOf(Step.Restart.class);
    }

    @Test
    void firstMemberOfANewVersionIsTestedBeforeTheSecond() {
        // Given a member that came back at the new version ten seconds ago, and has settled
        Scene scene = running("3.8.6", "3.9.5")
                .member(2)
                .version("3.9.5")
                .revision("new")
                .readySince(Scene.NOW.minusSeconds(10))
                .scene();

        assertThat(decide(scene)).asInstanceOf(type(Wait.class)).satisfies(wait -> {
            assertThat(wait.gate()).hasToString("soak");
            assertThat(wait.until()).isEqualTo(Optional.of(Scene.NOW.plusSeconds(50)));
            assertThat(wait.reason()).contains("member 2 is the first to run 3.9.5");
        });
    }

    /**
     * Of three members, the second came back at the new version ten seconds ago, and a fourth server receives data from
     * it as a learner.
     */
    private static Situation withALearner(String second) {
        Scene scene = running("3.9.4", "3.9.5")
                .spec(spec -> spec.config(Map.of("admin.enableServer", "true")))
                .member(2)
                .version(second)
                .readySince(Scene.NOW.minusSeconds(10))
                .scene()
                .place(4)
                .serving(Role.FOLLOWER)
                .version("3.9.5")
                .scene();
        return Situation.of(scene.desired(), scene.observed(), Scene.NOW);
    }

    @Test
    void learnerOfANewVersionIsNoTestForTheMembers() {
        Situation situation = withALearner("3.9.5");

        assertThat(Upgrade.soaked(situation, situation.observed().members().get(2)))
                .hasValueSatisfying(
                        closed -> assertThat(closed.reason()).contains("member 2 is the first to run 3.9.5"));
    }

    @Test
    void learnerOfANewVersionDoesNotReplaceTheSnapshot() {
        assertThat(Upgrade.snapshot(withALearner("3.9.4"))).isPresent();
    }

    @Test
    void remainingMembersFollowWithoutAnotherSoak() {
        Scene scene = running("3.8.6", "3.9.5")
                .member(2)
                .version("3.9.5")
                .revision("new")
                .readySince(Scene.NOW.minusSeconds(70))
                .scene();

        assertThat(stepOf(scene).describe()).isEqualTo("restart member 3");
    }

    @Test
    void snapshotPrecedesTheUpgradeIfTheVersionSupportsIt() {
        Scene scene = running("3.9.4", "3.9.5").spec(spec -> spec.config(Map.of("admin.enableServer", "true")));

        assertThat(stepOf(scene).describe()).isEqualTo("take a snapshot of member 2 before the upgrade to 3.9.5");
        assertThat(stepOf(scene.memory(Memory.NOTHING.snapshotTakenFor("3.9.5"))))
                .isInstanceOf(Step.Restart.class);
    }

    @Test
    void serverOfADifferentVersionThanItsPodIsRestarted() {
        Scene scene = Scene.of(3).member(3).version("3.9.4").scene();

        assertThat(stepOf(scene)).asInstanceOf(type(Step.Restart.class)).satisfies(restart -> {
            assertThat(restart.member()).isEqualTo(3);
            assertThat(restart.reasons()).containsExactly(RestartReason.EFFECTIVE_STATE_DRIFTED);
        });
    }

    @Test
    void aServerThatWasConfiguredInPlaceIsRestarted() {
        Scene scene = Scene.of(3)
                .spec(spec -> spec.config(Map.of("maxClientCnxns", "100")))
                .member(2)
                .setting("maxClientCnxns", "60")
                .scene();

        assertThat(stepOf(scene).describe()).isEqualTo("restart member 2");
    }

    @Test
    void serverWithAWrongVersionAfterItsRestartStalls() {
        String drift = "runs version 3.9.4 instead of 3.9.5";
        EnsembleStatus before = EnsembleStatus.empty()
                .withMembers(List.of(MemberStatusSketch.of(3)
                        .instance("kafka-2")
                        .role("follower")
                        .revision("old")
                        .ready(true)
                        .drift(drift, "uid-before")
                        .build()));
        Scene scene = Scene.of(3).member(3).version("3.9.4").scene();
        Scene again = Scene.of(3)
                .reported(before.withSanityTested(fingerprint(scene)))
                .member(3)
                .version("3.9.4")
                .scene();

        assertThat(decide(again)).asInstanceOf(type(Stalled.class)).satisfies(stalled -> {
            assertThat(stalled.gate()).hasToString("effective-state");
            assertThat(stalled.reason()).contains("member 3 still differs from the spec after its restart: " + drift);
        });
    }

    private static String fingerprint(Scene scene) {
        return Situation.of(scene.desired(), scene.observed(), Scene.NOW).fingerprint();
    }
}
