package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.rollout.Gate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a rollout would do after the gate that ends its forecast, as if that gate were open. Only gates that a person or a
 * controller opens without a change of the ensemble are assumed to be open: a pause, an approval, disruption budgets. What a
 * server does that is down is unknown.
 *
 * @param opened the gates that are assumed to be open, in the order in which they would hold the rollout
 * @param steps that follow those of the forecast
 */
public record Continuation(List<Gate> opened, List<ForecastStep> steps, Ending ending) {
    public Continuation {
        opened = List.copyOf(opened);
        steps = List.copyOf(steps);
    }

    /**
     * Returns the continuation of a forecast, whose other arguments are those of the forecast.
     *
     * @return empty if no gate that can be assumed to be open ends it, or no step follows
     */
    public static Optional<Continuation> of(
            Forecast forecast, Accepted accepted, Observed observed, Revision wanted, Instant now) {
        List<Gate> opened = new ArrayList<>();
        OpenGates open = new OpenGates(accepted, observed);
        Forecast current = forecast;
        Optional<Gate> closed = held(current);
        while (closed.filter(OpenGates::canOpen).isPresent() && !opened.contains(closed.get())) {
            opened.add(closed.get());
            open = open.with(closed.get());
            current = Forecast.of(open.accepted(), open.observed(), wanted, now);
            closed = held(current);
        }
        int known = forecast.steps().size();
        return !opened.isEmpty() && current.steps().size() > known && beginsWith(current, forecast)
                ? Optional.of(new Continuation(
                        opened, current.steps().subList(known, current.steps().size()), current.ending()))
                : Optional.empty();
    }

    /** An open gate holds nothing back, so that the steps before it are the same. */
    private static boolean beginsWith(Forecast whole, Forecast beginning) {
        return descriptions(whole).subList(0, beginning.steps().size()).equals(descriptions(beginning));
    }

    private static List<String> descriptions(Forecast forecast) {
        return forecast.steps().stream().map(step -> step.step().describe()).toList();
    }

    private static Optional<Gate> held(Forecast forecast) {
        return forecast.ending().accept(new Ending.Visitor<>() {
            @Override
            public Optional<Gate> visit(Ending.Done ending) {
                return Optional.empty();
            }

            @Override
            public Optional<Gate> visit(Ending.Refused ending) {
                return Optional.empty();
            }

            @Override
            public Optional<Gate> visit(Ending.Held ending) {
                return Optional.of(ending.gate());
            }
        });
    }
}
