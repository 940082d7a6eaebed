package dev.ensembled.reconciler.commitplan;

import dev.ensembled.reconciler.commitplan.EnsemblePlan.Action;
import dev.ensembled.reconciler.forecast.Continuation;
import dev.ensembled.reconciler.forecast.Forecast;
import dev.ensembled.reconciler.forecast.ForecastStep;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a commit does to the accepted spec of one ensemble: the part of its plan for which no server is asked.
 *
 * @param reason null if the action says everything
 * @param wanted the spec that would be in force, if the commit changes it or what is enforced
 * @param relocation null if the definition neither moves nor looks like a rename
 */
public record SpecPlan(
        EnsembleId id,
        String file,
        Action action,
        String reason,
        List<FieldChange> changes,
        Optional<EnsembleSpec> wanted,
        Relocation relocation) {

    public SpecPlan {
        changes = List.copyOf(changes);
    }

    SpecPlan with(Optional<Relocation> other, Optional<String> advice) {
        String reasons =
                advice.map(text -> reason == null ? text : text + ". " + reason).orElse(reason);
        return new SpecPlan(id, file, action, reasons, changes, wanted, other.orElse(relocation));
    }

    /** Returns the plan for a change that has no effect on servers. */
    public EnsemblePlan withoutSteps() {
        return plan(List.of(), null, null, List.of());
    }

    /** Returns the plan for a change that the store or the platform refuses. */
    public EnsemblePlan refused(String why) {
        return new SpecPlan(id, file, Action.REFUSE, why, changes, Optional.empty(), relocation).withoutSteps();
    }

    /** Returns the plan of an ensemble that could not be observed. */
    public EnsemblePlan notObserved(String why) {
        String unknown = "the steps are unknown, because it cannot be observed: " + why;
        return plan(List.of(), new PlannedEnding(PlannedEnding.Kind.HELD, null, unknown, null), null, List.of());
    }

    /**
     * Returns the plan with the steps of a forecast.
     *
     * @param continuation as if the gate that ends the forecast were open; empty if it cannot be made
     * @param restartDuration how long a restart of a member in a role took before
     * @param evictions tried for the members that the forecast restarts
     */
    public EnsemblePlan with(
            Forecast forecast,
            Optional<Continuation> continuation,
            Function<Role, Optional<Duration>> restartDuration,
            List<EvictionTrial> evictions) {
        int count = forecast.steps().size();
        PlannedContinuation afterGate = continuation
                .map(after -> new PlannedContinuation(
                        after.opened().stream().map(Gate::toString).toList(),
                        steps(count, after.steps(), restartDuration),
                        PlannedEnding.of(after.ending())))
                .orElse(null);
        return plan(
                steps(0, forecast.steps(), restartDuration), PlannedEnding.of(forecast.ending()), afterGate, evictions);
    }

    private static List<PlannedStep> steps(
            int before, List<ForecastStep> forecast, Function<Role, Optional<Duration>> restartDuration) {
        List<PlannedStep> steps = new ArrayList<>();
        for (ForecastStep step : forecast) {
            steps.add(PlannedStep.of(before + steps.size() + 1, step, restartDuration));
        }
        return steps;
    }

    private EnsemblePlan plan(
            List<PlannedStep> steps,
            PlannedEnding ending,
            PlannedContinuation afterGate,
            List<EvictionTrial> evictions) {
        return new EnsemblePlan(id, file, action, reason, relocation, changes, steps, ending, afterGate, evictions);
    }
}
