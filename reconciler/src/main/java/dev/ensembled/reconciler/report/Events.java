package dev.ensembled.reconciler.report;

import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The events that are published for people. */
public final class Events {

    /** Gates that close in every normal roll. */
    private static final Set<Gate> ROUTINE = Set.of(Gate.SETTLE, Gate.REVISION, Gate.MEMBER_DOWN, Gate.ONE_LEADER);

    private Events() {}

    /** The events of a step that was taken. */
    public static List<EnsembleEvent> ofStep(Step step) {
        return step.accept(OF_STEP);
    }

    private static final Step.Visitor<List<EnsembleEvent>, RuntimeException> OF_STEP = new Step.Visitor<>() {
        @Override
        public List<EnsembleEvent> visit(Step.Apply step) {
            return ofApply(step);
        }

        @Override
        public List<EnsembleEvent> visit(Step.Bootstrap step) {
            return normal("Bootstrapping", step.describe());
        }

        @Override
        public List<EnsembleEvent> visit(Step.PermitStart step) {
            return normal("PermittedStart", step.describe());
        }

        @Override
        public List<EnsembleEvent> visit(Step.Reconfigure step) {
            return normal("Reconfigured", step.describe());
        }

        @Override
        public List<EnsembleEvent> visit(Step.ScaleDown step) {
            return normal("ScaledDown", step.describe());
        }

        @Override
        public List<EnsembleEvent> visit(Step.Expand step) {
            return normal("ExpandingVolume", step.describe());
        }

        @Override
        public List<EnsembleEvent> visit(Step.RecreateStatefulSet step) {
            return normal("RecreatedStatefulSet", step.describe());
        }

        @Override
        public List<EnsembleEvent> visit(Step.Snapshot step) {
            return normal("SnapshotTaken", step.describe());
        }

        @Override
        public List<EnsembleEvent> visit(Step.Restart step) {
            return normal("RestartingMember", step.describe() + ": " + texts(step.reasons()));
        }

        @Override
        public List<EnsembleEvent> visit(Step.Replace step) {
            return normal("ReplacingMember", step.describe() + ": " + texts(step.reasons()));
        }

        /** Publishes none: it would be repeated for each step, and the end of the roll has its own event. */
        @Override
        public List<EnsembleEvent> visit(Step.RunSanityTest step) {
            return List.of();
        }
    };

    private static List<EnsembleEvent> normal(String reason, String message) {
        return List.of(new EnsembleEvent(false, reason, message));
    }

    private static List<EnsembleEvent> ofApply(Step.Apply apply) {
        List<EnsembleEvent> events = new ArrayList<>();
        String changed = apply.objects().stream()
                .filter(object -> object.state() != State.DRIFTED)
                .map(ObjectState::label)
                .collect(Collectors.joining(", "));
        if (!changed.isEmpty()) {
            events.add(new EnsembleEvent(false, "Applied", "applied " + changed));
        }
        apply.objects().stream()
                .filter(object -> object.state() == State.DRIFTED)
                .map(object ->
                        new EnsembleEvent(true, "DriftRepaired", "restored " + object.label() + ": " + drift(object)))
                .forEach(events::add);
        return events;
    }

    private static String drift(ObjectState object) {
        String change = object.fields().isEmpty() ? "deleted" : String.join(", ", object.fields()) + " changed";
        return object.changedBy().isEmpty() ? change : change + " by " + object.changedBy();
    }

    private static String texts(List<RestartReason> reasons) {
        return reasons.stream().map(RestartReason::text).collect(Collectors.joining(", "));
    }

    /** The events of a decision that differs from what the previous status reported. */
    public static List<EnsembleEvent> ofDecision(EnsembleStatus before, Decision decision) {
        String reported = before.rollout() == null ? null : before.rollout().gate();
        boolean sameGate = decision.closedGate()
                .filter(gate -> gate.toString().equals(reported))
                .isPresent();
        boolean sameStall = sameGate && before.isTrue("Stalled");
        return decision.accept(new Decision.Visitor<>() {
            /** Publishes none: the step has its own events when it was taken. */
            @Override
            public List<EnsembleEvent> visit(Decision.Act act) {
                return List.of();
            }

            @Override
            public List<EnsembleEvent> visit(Decision.Wait wait) {
                return ROUTINE.contains(wait.gate()) || sameGate
                        ? List.of()
                        : normal("Waiting", wait.gate() + ": " + wait.reason());
            }

            @Override
            public List<EnsembleEvent> visit(Decision.Stalled stalled) {
                return sameStall ? List.of() : warning("Stalled", stalled.gate() + ": " + stalled.reason());
            }

            @Override
            public List<EnsembleEvent> visit(Decision.Refused refused) {
                return sameStall ? List.of() : warning("Refused", refused.reason());
            }

            @Override
            public List<EnsembleEvent> visit(Decision.Done done) {
                return before.isTrue("Ready")
                        ? List.of()
                        : normal("Settled", "every member runs the wanted revision and the sanity test passed");
            }
        });
    }

    private static List<EnsembleEvent> warning(String reason, String message) {
        return List.of(new EnsembleEvent(true, reason, message));
    }
}
