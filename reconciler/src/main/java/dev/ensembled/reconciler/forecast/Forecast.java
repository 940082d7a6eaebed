package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What the rollout of a spec would do: its real cycle, run forward over a model in which each step succeeds, until the spec
 * is rolled out, is refused, or waits for something other than time. Pure: a forecast changes nothing, and cannot promise
 * what the rollout would not do.
 *
 * @param steps in the order in which they are taken
 */
public record Forecast(List<ForecastStep> steps, Ending ending) {
    /** Far more cycles than a rollout of the largest ensemble takes. */
    private static final int MAX_CYCLES = 10_000;

    public Forecast {
        steps = List.copyOf(steps);
    }

    /**
     * Returns the forecast for a spec.
     *
     * @param accepted the spec as if it were accepted, with the status that was reported last
     * @param observed an observation compared with that spec
     * @param wanted the revision that instances get after the objects of that spec are applied
     */
    public static Forecast of(Accepted accepted, Observed observed, Revision wanted, Instant now) {
        return of(accepted, observed, wanted, now, UnaryOperator.identity());
    }

    /**
     * Returns the observation with these members, which were restarted and are not back, as if they served again: a forecast
     * of what was observed would end at their absence.
     *
     * @param restarted the ids of the members
     */
    public static Observed assumingReturn(
            Accepted accepted, Observed observed, Revision wanted, Set<Integer> restarted, Instant now) {
        Desired desired = Desired.of(accepted.id(), accepted.spec(), accepted.generation(), accepted.requests());
        Observed back = observed;
        for (int member : restarted) {
            back = new StepEffect(back, desired, wanted, now).restarted(member);
        }
        return back;
    }

    /**
     * Returns the forecast of a model whose effects are changed, with which tests show that a wrong model is detected.
     */
    static Forecast of(
            Accepted accepted, Observed observed, Revision wanted, Instant now, UnaryOperator<Observed> changedEffect) {
        ForecastClock clock = new ForecastClock(now);
        ForecastPlatform platform = new ForecastPlatform(observed, wanted, clock, changedEffect);
        ReconcileCycle cycle = new ReconcileCycle(new ForecastStore(accepted), platform, platform, clock);
        ForecastRecorder recorder = new ForecastRecorder(clock);
        for (int cycles = 0; cycles < MAX_CYCLES; cycles++) {
            ReconcileCycle.Result result = cycle.run(accepted.id()).orElseThrow();
            Optional<Ending> ending = result.decision().accept(recorder.at(result.observed()));
            if (ending.isPresent()) {
                return new Forecast(recorder.steps(), ending.get());
            }
        }
        throw new IllegalStateException("the forecast of " + accepted.id() + " does not end after " + MAX_CYCLES
                + " cycles; the last step is "
                + recorder.steps().get(recorder.steps().size() - 1).step().describe());
    }
}
