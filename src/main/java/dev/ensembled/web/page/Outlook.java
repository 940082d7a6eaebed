package dev.ensembled.web.page;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.forecast.Continuation;
import dev.ensembled.reconciler.forecast.Ending;
import dev.ensembled.reconciler.forecast.Forecast;
import dev.ensembled.reconciler.forecast.ForecastStep;
import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.history.RecordedStep;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The steps that follow in a rollout, by a forecast from the latest observation. Nothing is asked for it: while objects are to be
 * applied, only the platform knows which revision instances get, and there is no outlook.
 *
 * @param steps those after a gate that people or controllers open included
 */
record Outlook(List<ForecastStep> steps, Ending ending) {
    private static final Set<ObjectState.State> TO_BE_APPLIED = EnumSet.of(
            ObjectState.State.MISSING,
            ObjectState.State.OUTDATED,
            ObjectState.State.DRIFTED,
            ObjectState.State.SURPLUS);

    /** Returns the outlook; empty if none can be made. */
    static Optional<Outlook> of(RecordedCommit commit, ReconcileCycle.Result result, Instant now) {
        Observed observed = result.observed();
        boolean applied = observed.objects().stream().noneMatch(object -> TO_BE_APPLIED.contains(object.state()));
        try {
            return observed.target()
                    .filter(wanted -> applied)
                    .map(wanted -> of(restarted(commit), accepted(result), observed, wanted, now));
        } catch (RuntimeException e) {
            // The model of the forecast does not cover every state of an ensemble: the line ends at what is done now
            return Optional.empty();
        }
    }

    private static Outlook of(
            Set<Integer> restarted, Accepted accepted, Observed observed, Revision wanted, Instant now) {
        Observed back = Forecast.assumingReturn(accepted, observed, wanted, restarted, now);
        Forecast forecast = Forecast.of(accepted, back, wanted, now);
        // A budget allows no disruption while a member is away
        Optional<Continuation> continuation = Continuation.of(forecast, accepted, back, wanted, now);
        List<ForecastStep> steps = new ArrayList<>(forecast.steps());
        continuation.ifPresent(more -> steps.addAll(more.steps()));
        return new Outlook(
                List.copyOf(steps), continuation.map(Continuation::ending).orElse(forecast.ending()));
    }

    /** The members that a step of this rollout restarted, and that are not back. */
    private static Set<Integer> restarted(RecordedCommit commit) {
        return commit.steps().stream()
                .filter(step -> step.state() == RecordedStep.State.Running)
                .map(RecordedStep::member)
                .collect(Collectors.toSet());
    }

    private static Accepted accepted(ReconcileCycle.Result result) {
        Accepted before = result.accepted();
        return new Accepted(
                before.id(),
                before.spec(),
                before.generation(),
                before.source(),
                before.edited(),
                before.requests(),
                result.status());
    }
}
