package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.rollout.Decision.Refused;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.spec.StorageSpec;
import org.junit.jupiter.api.Test;

/** Volumes that grow, and never shrink. */
class VolumeGrowthTest {

    private static Scene sized(String size) {
        return Scene.of(1).spec(spec -> Scene.withStorage(spec, new StorageSpec(size, null, null, null)));
    }

    @Test
    void claimsGrowFirst() {
        Scene scene = sized("2Gi").volume(new Volume("data-kafka-0", "data", 1, 1L << 30, 1L << 30, false));

        assertThat(stepOf(scene)).asInstanceOf(type(Step.Expand.class)).satisfies(expand -> {
            assertThat(expand.bytes()).isEqualTo(2L << 30);
            assertThat(expand.volume().claim()).isEqualTo("data-kafka-0");
        });
    }

    @Test
    void theSetIsMadeAnewWhenTheFileSystemsAreSeenGrown() {
        Scene growing = sized("2Gi")
                .object("StatefulSet", State.LAGGING)
                .volume(new Volume("data-kafka-0", "data", 1, 2L << 30, 1L << 30, false));
        Scene grown = sized("2Gi")
                .object("StatefulSet", State.LAGGING)
                .volume(new Volume("data-kafka-0", "data", 1, 2L << 30, 2L << 30, false));

        assertThat(decide(growing))
                .asInstanceOf(type(Wait.class))
                .extracting(Wait::gate)
                .isEqualTo("volume-growth");
        assertThat(stepOf(grown)).isInstanceOf(Step.Rebuild.class);
    }

    @Test
    void aVolumeThatOnlyGrowsWithARestartHasItsServerRestarted() {
        Scene scene = sized("2Gi").volume(new Volume("data-kafka-0", "data", 1, 2L << 30, 1L << 30, true));

        assertThat(stepOf(scene)).isInstanceOf(Step.Restart.class);
    }

    @Test
    void volumesDoNotShrink() {
        Scene scene = sized("1Gi").volume(new Volume("data-kafka-0", "data", 1, 2L << 30, 2L << 30, false));

        assertThat(decide(scene))
                .asInstanceOf(type(Refused.class))
                .extracting(Refused::reason)
                .asString()
                .contains("volumes cannot shrink: data-kafka-0");
    }
}
