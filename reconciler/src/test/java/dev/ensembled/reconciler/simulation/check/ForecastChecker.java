package dev.ensembled.reconciler.simulation.check;

import static dev.ensembled.reconciler.simulation.check.Invariants.require;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.forecast.Ending;
import dev.ensembled.reconciler.forecast.Forecast;
import dev.ensembled.reconciler.forecast.ForecastStep;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.simulation.history.History;
import dev.ensembled.reconciler.simulation.model.ModelCluster;
import dev.ensembled.reconciler.simulation.model.ModelStore;
import dev.ensembled.reconciler.simulation.model.ModelTemplate;
import dev.ensembled.reconciler.simulation.model.ObservationBuilder;
import dev.ensembled.reconciler.simulation.mutation.Mutation.Forecaster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** In a history without faults, the steps that the daemon takes after a push are those of the forecast made at the push. */
public final class ForecastChecker {
    private final ModelCluster cluster;
    private final ModelStore store;
    private final History history;
    private final Forecaster forecaster;
    private final List<String> taken = new ArrayList<>();
    private Optional<Forecast> forecast = Optional.empty();

    public ForecastChecker(ModelCluster cluster, ModelStore store, History history, Forecaster forecaster) {
        this.cluster = cluster;
        this.store = store;
        this.history = history;
        this.forecaster = forecaster;
    }

    /** A commit was accepted. */
    public void afterCommit() {
        if (!history.isWithoutFaults()) {
            return;
        }
        Accepted accepted = store.accepted();
        Desired desired = Desired.of(accepted.id(), accepted.spec(), accepted.generation(), accepted.requests());
        Observed observed = new ObservationBuilder(cluster).build(desired, accepted.status(), cluster.api.fresh());
        taken.clear();
        forecast = Optional.of(forecaster.of(
                accepted,
                observed,
                ModelTemplate.of(accepted.spec()).revision(),
                cluster.clock().instant()));
    }

    /** The daemon has taken a step. */
    public void taken(Step step) {
        if (isCompared(step)) {
            taken.add(step.describe());
        }
    }

    /** At the end of the history. */
    public void check() {
        forecast.ifPresent(expected -> {
            List<String> steps = expected.steps().stream()
                    .map(ForecastStep::step)
                    .filter(this::isCompared)
                    .map(Step::describe)
                    .toList();
            require(
                    steps.equals(taken) && expected.ending() instanceof Ending.Done,
                    "the forecast differs: forecast " + steps + " " + expected.ending() + ", taken " + taken);
        });
    }

    /**
     * How often the sanity test runs depends on how long servers take to start; and whether a server that is removed, to
     * join again as a voter, gets a start permit depends on whether it still serves.
     */
    private boolean isCompared(Step step) {
        boolean permitsFormerMember =
                step instanceof Step.PermitStart permit && permit.member() <= history.voters() + history.observers();
        return step.sanityTest().isEmpty() && !permitsFormerMember;
    }
}
