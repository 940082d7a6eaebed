package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Volumes that grow, and never shrink. */
class VolumeGrowthTest {
    private static final long GIB = 1L << 30;
    /** After the creation of the instances. */
    private static final Optional<Instant> HAD_ITS_TIME = Optional.of(Scene.NOW);

    private static final Optional<Instant> HAD_ITS_TIME_BEFORE_ITS_RESTART = Optional.of(Scene.LONG_AGO);

    private static Scene sized(String size) {
        return sized(1, size);
    }

    private static Scene sized(int voters, String size) {
        return Scene.of(voters).spec(spec -> spec.storageSize(size));
    }

    /** The claims of three members request two gibibytes, and the StatefulSet has one. */
    private static Scene growing(Volume... volumes) {
        Scene scene = sized(3, "2Gi").object("StatefulSet", State.LAGGING);
        List.of(volumes).forEach(scene::volume);
        return scene;
    }

    private static Volume grown(int member) {
        return Volume.of("data-kafka-" + (member - 1), "data", member, 2 * GIB, 2 * GIB);
    }

    private static Volume waiting(int member, Optional<Instant> needsRestartSince, String failure) {
        return new Volume("data-kafka-" + (member - 1), "data", member, 2 * GIB, GIB, needsRestartSince, failure);
    }

    private static Volume waiting(int member) {
        return waiting(member, Optional.empty(), "");
    }

    @Test
    void volumeClaimsGrowFirst() {
        Scene scene = sized("2Gi").volume(Volume.of("data-kafka-0", "data", 1, GIB, GIB));

        assertThat(stepOf(scene)).asInstanceOf(type(Step.Expand.class)).satisfies(expand -> {
            assertThat(expand.bytes()).isEqualTo(2 * GIB);
            assertThat(expand.volume().claim()).isEqualTo("data-kafka-0");
        });
    }

    @Test
    void statefulSetIsRecreatedAfterTheFileSystemsGrew() {
        assertThat(decide(growing(grown(1), waiting(2), grown(3))))
                .asInstanceOf(type(Wait.class))
                .extracting(Wait::gate)
                .hasToString("volume-growth");
        assertThat(stepOf(growing(grown(1), grown(2), grown(3)))).isInstanceOf(Step.RecreateStatefulSet.class);
    }

    @Test
    void unusedClaimIsNotWaitedFor() {
        assertThat(stepOf(growing(grown(1), grown(2), grown(3), waiting(4))))
                .isInstanceOf(Step.RecreateStatefulSet.class);
    }

    @Test
    void offlineGrowthRestartsServersTheLeaderLast() {
        Scene scene = growing(waiting(1, HAD_ITS_TIME, ""), waiting(2, HAD_ITS_TIME, ""), waiting(3, HAD_ITS_TIME, ""));

        assertThat(stepOf(scene)).asInstanceOf(type(Step.Restart.class)).satisfies(restart -> {
            assertThat(restart.member()).isEqualTo(2);
            assertThat(restart.reasons()).containsExactly(RestartReason.VOLUME_GROWS);
        });
        // Members whose volumes have grown are not restarted again.
        assertThat(stepOf(growing(waiting(1, HAD_ITS_TIME, ""), grown(2), grown(3))))
                .asInstanceOf(type(Step.Restart.class))
                .extracting(Step.Restart::member)
                .isEqualTo(1);
    }

    @Test
    void serverIsRestartedOnceAndTheNextWaitsForItsVolume() {
        Scene scene = growing(
                waiting(1, HAD_ITS_TIME, ""),
                waiting(2, HAD_ITS_TIME_BEFORE_ITS_RESTART, ""),
                waiting(3, HAD_ITS_TIME, ""));
        Instant aMomentAfterItsRestart = Scene.LONG_AGO.plusSeconds(60);

        assertThat(Rollout.next(scene.desired(), scene.observed(), aMomentAfterItsRestart))
                .asInstanceOf(type(Wait.class))
                .extracting(Wait::gate)
                .hasToString("volume-growth");
        assertThat(decide(scene)).isInstanceOfSatisfying(Stalled.class, stalled -> {
            assertThat(stalled.gate()).hasToString("volume-growth");
            assertThat(stalled.reason())
                    .startsWith("data-kafka-1: its server was restarted, and the volume has not grown.");
        });
    }

    @Test
    void failedGrowthStallsWithItsReasonAndHoldsNoOtherChange() {
        Scene failing = growing(grown(1), waiting(2, Optional.empty(), "ControllerResizeError (pool full)"), grown(3));

        assertThat(decide(failing)).isInstanceOfSatisfying(Stalled.class, stalled -> {
            assertThat(stalled.gate()).hasToString("volume-growth");
            assertThat(stalled.reason())
                    .startsWith("data-kafka-1: the volume has not grown yet: ControllerResizeError (pool full).");
        });
        assertThat(stepOf(failing.wanting("new"))).isInstanceOf(Step.Restart.class);
    }

    @Test
    void failedGrowthIsReportedIfTheSetAlreadyHasTheSize() {
        // As after the StatefulSet was deleted meanwhile
        Scene scene = sized("2Gi").volume(waiting(1, Optional.empty(), "ControllerResizeError (pool full)"));

        assertThat(decide(scene)).isInstanceOfSatisfying(Stalled.class, stalled -> assertThat(stalled.gate())
                .hasToString("volume-growth"));
    }

    @Test
    void volumeLargerThanTheSpecIsUsedAsItIs() {
        Scene scene = sized("1Gi").volume(Volume.of("data-kafka-0", "data", 1, 2 * GIB, 2 * GIB));

        assertThat(decide(scene)).isInstanceOf(Decision.Done.class);
    }

    @Test
    void failedGrowthEndsWithTheRevertOfItsCommit() {
        Volume failing = waiting(1, Optional.empty(), "ControllerResizeError (pool full)");

        // The claim requests two gibibytes without success, and has the size that is wanted again
        assertThat(decide(sized("1Gi").volume(failing))).isInstanceOf(Decision.Done.class);
        // If a smaller growth is wanted, then that is tried instead
        assertThat(stepOf(sized("1536Mi").volume(failing)))
                .isInstanceOfSatisfying(
                        Step.Expand.class, expand -> assertThat(expand.bytes()).isEqualTo(3 * GIB / 2));
        // A volume that may still grow is waited for
        assertThat(decide(sized("1536Mi").volume(waiting(1)))).isInstanceOf(Wait.class);
    }
}
