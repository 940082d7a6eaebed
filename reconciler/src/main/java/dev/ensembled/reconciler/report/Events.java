package dev.ensembled.reconciler.report;

import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is worth telling people as it happens. */
public final class Events {

    /** Gates that close in every healthy roll. */
    private static final Set<String> ROUTINE = Set.of("settle", "revision", "member-down", "one-leader");

    private Events() {}

    /** The events of a step that was taken. */
    public static List<EnsembleEvent> ofStep(Step step) {
        if (step instanceof Step.Restart restart) {
            return List.of(
                    new EnsembleEvent(false, "RestartingMember", restart.describe() + ": " + texts(restart.reasons())));
        } else if (step instanceof Step.Replace replace) {
            return List.of(
                    new EnsembleEvent(false, "ReplacingMember", replace.describe() + ": " + texts(replace.reasons())));
        } else if (step instanceof Step.Apply apply) {
            return ofApply(apply);
        }
        return reason(step)
                .map(reason -> List.of(new EnsembleEvent(false, reason, step.describe())))
                .orElse(List.of());
    }

    private static Optional<String> reason(Step step) {
        if (step instanceof Step.Bootstrap) {
            return Optional.of("Founding");
        } else if (step instanceof Step.PermitStart) {
            return Optional.of("AdmittedMember");
        } else if (step instanceof Step.Reconfigure) {
            return Optional.of("Reconfigured");
        } else if (step instanceof Step.ScaleDown) {
            return Optional.of("RetiredMember");
        } else if (step instanceof Step.Expand) {
            return Optional.of("ExpandingVolume");
        } else if (step instanceof Step.RecreateStatefulSet) {
            return Optional.of("RebuiltSet");
        }
        return step instanceof Step.Snapshot ? Optional.of("SnapshotTaken") : Optional.empty();
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
                        new EnsembleEvent(true, "DriftRepaired", "put back " + object.label() + ": " + drift(object)))
                .forEach(events::add);
        return events;
    }

    private static String drift(ObjectState object) {
        String what = object.fields().isEmpty() ? "it was deleted" : String.join(", ", object.fields()) + " differed";
        return object.changedBy().isEmpty() ? what : what + ", changed by " + object.changedBy();
    }

    private static String texts(List<RestartReason> reasons) {
        return reasons.stream().map(RestartReason::text).collect(Collectors.joining(", "));
    }

    /** The events of a decision that differs from what the status said before. */
    public static List<EnsembleEvent> ofDecision(EnsembleStatus before, Decision decision) {
        String gate = before.rollout() == null ? null : before.rollout().gate();
        boolean wasStalled = holds(before, "Stalled");
        if (decision instanceof Decision.Wait wait
                && !ROUTINE.contains(wait.gate())
                && !wait.gate().equals(gate)) {
            return List.of(new EnsembleEvent(false, "Waiting", wait.gate() + ": " + wait.reason()));
        } else if (decision instanceof Decision.Stalled stalled
                && !(wasStalled && Objects.equals(gate, stalled.gate()))) {
            return List.of(new EnsembleEvent(true, "Stalled", stalled.gate() + ": " + stalled.reason()));
        } else if (decision instanceof Decision.Refused refused && !(wasStalled && Objects.equals(gate, "refused"))) {
            return List.of(new EnsembleEvent(true, "Refused", refused.reason()));
        } else if (decision instanceof Decision.Done && !holds(before, "Ready")) {
            return List.of(
                    new EnsembleEvent(false, "Settled", "every member runs the wanted revision, proven by a write"));
        }
        return List.of();
    }

    private static boolean holds(EnsembleStatus status, String condition) {
        return status.conditions().stream()
                .anyMatch(c -> c.type().equals(condition) && c.status().equals("True"));
    }
}
