package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The input of a forecast, changed in the way in which a person or a controller opens a gate. */
record OpenGates(Accepted accepted, Observed observed) {
    private static final Set<Gate> OPENED = EnumSet.of(Gate.PAUSED, Gate.APPROVAL, Gate.BUDGET);

    static boolean canOpen(Gate gate) {
        return OPENED.contains(gate);
    }

    OpenGates with(Gate gate) {
        Requests requests = accepted.requests();
        return switch (gate) {
            case PAUSED ->
                of(
                        accepted.spec().with(accepted.spec().rollout().resumed()),
                        new Requests(
                                requests.reconcileNow(),
                                requests.approval(),
                                requests.acceptLoss(),
                                Optional.empty(),
                                requests.confirmedRemoval()));
            case APPROVAL ->
                of(
                        accepted.spec(),
                        new Requests(
                                requests.reconcileNow(),
                                Optional.of(Long.toString(accepted.generation())),
                                requests.acceptLoss(),
                                requests.paused(),
                                requests.confirmedRemoval()));
            case BUDGET -> new OpenGates(accepted, observed.withBudgets(List.of()));
            default -> throw new IllegalArgumentException("not opened from outside: " + gate);
        };
    }

    private OpenGates of(EnsembleSpec spec, Requests requests) {
        return new OpenGates(
                new Accepted(
                        accepted.id(),
                        spec,
                        accepted.generation(),
                        accepted.source(),
                        accepted.edited(),
                        requests,
                        accepted.status()),
                observed);
    }
}
