package dev.ensembled.reconciler.cycle;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.SetClock;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import java.util.Optional;

/** The status after one cycle that something other than the rollout has held: the store, the platform or a server. */
public final class BlockedCycle {
    private final FakePlatform world = new FakePlatform();

    private BlockedCycle(Scene scene) {
        world.showing(scene);
    }

    /** The platform, or a server, has blocked the step. */
    public static RolloutStatus blocked(Scene scene, Gate gate, String reason) {
        BlockedCycle cycle = new BlockedCycle(scene);
        cycle.world.outcome = new Outcome.Blocked(gate, reason);
        return cycle.run().rollout();
    }

    /** The sanity test fails through the server that writes. */
    public static RolloutStatus sanityTestFailed(Scene scene, String reason) {
        BlockedCycle cycle = new BlockedCycle(scene);
        cycle.world.outcome = new Outcome.SanityTestFailed(Outcome.Half.WRITER, true, reason);
        return cycle.run().rollout();
    }

    /** The spec was edited in the store. */
    public static RolloutStatus edited(Scene scene) {
        BlockedCycle cycle = new BlockedCycle(scene);
        cycle.world.edited = true;
        return cycle.run().rollout();
    }

    /** The platform cannot run servers of this spec. */
    public static RolloutStatus refused(Scene scene, String reason) {
        BlockedCycle cycle = new BlockedCycle(scene);
        cycle.world.refusedByPlatform = Optional.of(reason);
        return cycle.run().rollout();
    }

    private EnsembleStatus run() {
        new ReconcileCycle(world, world, world, new SetClock(() -> Scene.NOW)).run(Scene.ID);
        return world.status;
    }
}
