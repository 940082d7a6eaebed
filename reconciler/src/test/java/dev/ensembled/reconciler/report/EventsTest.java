package dev.ensembled.reconciler.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Decision.Act;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Rollout;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventsTest {

    private static EnsembleStatus after(Decision decision) {
        return StatusReport.of(
                EnsembleStatus.empty(),
                Scene.of(3).desired(),
                Scene.of(3).observed(),
                decision,
                Optional.empty(),
                Scene.NOW);
    }

    private static Decision waiting(Gate gate) {
        return new Decision.Wait(gate, "why", Optional.empty());
    }

    @Test
    void restartEventNamesTheMemberAndTheReason() {
        Scene scene = Scene.of(1).wanting("new");
        Act act = (Act) Rollout.next(scene.desired(), scene.observed(), Scene.NOW);

        assertThat(Events.ofStep(act.step()))
                .containsExactly(new EnsembleEvent(
                        false, "RestartingMember", "restart member 1 (leader): configuration changed"));
    }

    @Test
    void replacementEventNamesTheMemberAndTheReason() {
        Scene scene = Scene.of(3)
                .wanting("new")
                .member(2)
                .pending(Problem.IMAGE, "ErrImagePull")
                .scene();
        Act act = (Act) Rollout.next(scene.desired(), scene.observed(), Scene.NOW);

        assertThat(Events.ofStep(act.step()))
                .containsExactly(new EnsembleEvent(
                        false, "ReplacingMember", "replace member 2, which is not serving: configuration changed"));
    }

    @Test
    void driftEventNamesTheFieldsAndTheirManager() {
        List<ObjectState> objects = List.of(
                new ObjectState("ConfigMap", "new", State.MISSING, List.of(), ""),
                new ObjectState("Service", "kafka", State.DRIFTED, List.of("spec.ports", "spec.type"), "kubectl-edit"),
                new ObjectState("PodDisruptionBudget", "kafka", State.DRIFTED, List.of(), ""));

        assertThat(Events.ofStep(new Step.Apply(objects, 3)))
                .containsExactly(
                        new EnsembleEvent(false, "Applied", "applied ConfigMap/new"),
                        new EnsembleEvent(
                                true,
                                "DriftRepaired",
                                "restored Service/kafka: spec.ports, spec.type changed by kubectl-edit"),
                        new EnsembleEvent(true, "DriftRepaired", "restored PodDisruptionBudget/kafka: deleted"));
    }

    @Test
    void passedSanityTestIsNoEvent() {
        assertThat(Events.ofStep(new Step.RunSanityTest(1, 2, "f"))).isEmpty();
    }

    @Test
    void gateEventIsSentOnceAndNeverForRoutineGates() {
        assertThat(Events.ofDecision(EnsembleStatus.empty(), waiting(Gate.BUDGET)))
                .containsExactly(new EnsembleEvent(false, "Waiting", "budget: why"));
        assertThat(Events.ofDecision(after(waiting(Gate.BUDGET)), waiting(Gate.BUDGET)))
                .isEmpty();
        assertThat(Events.ofDecision(EnsembleStatus.empty(), waiting(Gate.SETTLE)))
                .isEmpty();
    }

    @Test
    void stallEventIsSentOncePerGate() {
        Decision stalled = new Decision.Stalled(Gate.MEMBER_DOWN, "why");

        assertThat(Events.ofDecision(after(waiting(Gate.MEMBER_DOWN)), stalled))
                .containsExactly(new EnsembleEvent(true, "Stalled", "member-down: why"));
        assertThat(Events.ofDecision(after(stalled), stalled)).isEmpty();
        assertThat(Events.ofDecision(after(stalled), new Decision.Stalled(Gate.DATA_BEHIND, "why")))
                .hasSize(1);
    }

    @Test
    void refusalEventIsSentOnceEvenAfterAStall() {
        Decision refused = new Decision.Refused("why");

        assertThat(Events.ofDecision(after(new Decision.Stalled(Gate.MEMBER_DOWN, "x")), refused))
                .containsExactly(new EnsembleEvent(true, "Refused", "why"));
        assertThat(Events.ofDecision(after(refused), refused)).isEmpty();
    }

    @Test
    void settledEventIsSentOnce() {
        assertThat(Events.ofDecision(after(waiting(Gate.SETTLE)), new Decision.Done()))
                .extracting(EnsembleEvent::reason)
                .containsExactly("Settled");
        assertThat(Events.ofDecision(after(new Decision.Done()), new Decision.Done()))
                .isEmpty();
    }
}
