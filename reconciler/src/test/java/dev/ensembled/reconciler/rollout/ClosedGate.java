package dev.ensembled.reconciler.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.report.StatusReport;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A situation in which a gate is closed.
 *
 * @param gate the closed gate
 * @param title the situation, for people
 * @param stalls whether a person must act
 * @param shown the gate and the reason in the status
 */
record ClosedGate(String gate, String title, boolean stalls, RolloutStatus shown) {

    /** The gate that the status shows in this scene. */
    static ClosedGate of(String title, Scene scene) {
        return of(title, scene, Scene.NOW);
    }

    static ClosedGate of(String title, Scene scene, Instant now) {
        return decided(title, scene, Rollout.next(scene.desired(), scene.observed(), now));
    }

    static ClosedGate decided(String title, Scene scene, Decision decision) {
        RolloutStatus shown = shown(scene, decision);
        assertThat(shown.gate()).as(title + ": " + decision).isNotNull();
        boolean stalls = decision instanceof Decision.Stalled || decision instanceof Decision.Refused;
        return new ClosedGate(shown.gate(), title, stalls, shown);
    }

    /** What a cycle has reported that did not take its step. */
    static ClosedGate reported(String title, boolean stalls, RolloutStatus shown) {
        return new ClosedGate(shown.gate(), title, stalls, shown);
    }

    /**
     * The gate that holds a replacement or a removal, while the status shows another gate. Fails unless a step is taken
     * without these gates and none is taken without the others alone.
     */
    static ClosedGate behind(String gate, String title, Scene scene, String... others) {
        Set<Gate> left = new TreeSet<>();
        for (String other : others) {
            left.add(MutatedRollout.gateNamed(other));
        }
        Decision decision = MutatedRollout.withoutGates(scene.desired(), scene.observed(), Scene.NOW, left);
        assertThat(decision).as(title).isNotInstanceOf(Decision.Act.class);
        left.add(MutatedRollout.gateNamed(gate));
        assertThat(MutatedRollout.withoutGates(scene.desired(), scene.observed(), Scene.NOW, left))
                .as(title)
                .isInstanceOf(Decision.Act.class);
        ClosedGate shown = of(title, scene);
        return new ClosedGate(gate, title, shown.stalls(), shown.shown());
    }

    private static RolloutStatus shown(Scene scene, Decision decision) {
        return StatusReport.of(
                        scene.observed().status(),
                        scene.desired(),
                        scene.observed(),
                        decision,
                        Optional.empty(),
                        Scene.NOW)
                .rollout();
    }
}
