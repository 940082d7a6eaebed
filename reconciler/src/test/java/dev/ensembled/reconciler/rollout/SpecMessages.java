package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.cycle.BlockedCycle;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Volume;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Situations in which the spec cannot be carried out, or its objects are not as wanted yet. */
final class SpecMessages {
    private static final long GIB = 1L << 30;
    private static final Optional<Instant> BEFORE_ITS_RESTART = Optional.of(Scene.LONG_AGO);

    private SpecMessages() {}

    static List<ClosedGate> all() {
        return List.of(
                ClosedGate.reported("The resource was edited", false, BlockedCycle.edited(Scene.of(3))),
                ClosedGate.of("An older minor version", downgrade()),
                ClosedGate.reported(
                        "A version that a laptop does not have",
                        true,
                        BlockedCycle.refused(
                                Scene.of(3),
                                "the local platform supports only ZooKeeper 3.9.5, not 3.8.6: set version: 3.9.5, or use a cluster")),
                ClosedGate.of("New pods have no revision yet", Scene.of(3).withoutTarget()),
                ClosedGate.of("A volume grows", growing(Optional.empty(), "")),
                ClosedGate.of(
                        "A server was restarted for its volume a minute ago",
                        growing(BEFORE_ITS_RESTART, ""),
                        Scene.LONG_AGO.plusSeconds(60)),
                ClosedGate.of(
                        "A volume has not grown after the restart of its server", growing(BEFORE_ITS_RESTART, "")),
                ClosedGate.of(
                        "The storage reports a failure",
                        growing(Optional.empty(), "ControllerResizeError (pool full)")));
    }

    private static Scene downgrade() {
        return Scene.of(3).spec(spec -> spec.version("3.8.6"));
    }

    /** The volume of the second of three members has one of two gibibytes. */
    private static Scene growing(Optional<Instant> needsRestartSince, String failure) {
        return Scene.of(3)
                .spec(spec -> spec.storageSize("2Gi"))
                .object("StatefulSet", State.LAGGING)
                .volume(new Volume("data-kafka-1", "data", 2, 2 * GIB, GIB, needsRestartSince, failure));
    }
}
