package dev.ensembled.reconciler.simulation.mutation;

import dev.ensembled.reconciler.accept.Acceptance;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.MutatedCycle.Decider;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.forecast.Forecast;
import dev.ensembled.reconciler.forecast.MutatedForecast;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.MutatedRollout;
import dev.ensembled.reconciler.rollout.Rollout;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.simulation.model.ModelSource.Acceptor;
import java.time.Instant;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A change of the code under test that switches off one rule. The simulation must fail with each mutation.
 *
 * @param name the rule that is switched off
 * @param decider decides in place of the rollout
 * @param acceptor decides in place of the acceptance
 * @param cachedOnly whether each observation is read from the caches
 * @param forecaster makes the forecast of a push in place of the model of steps
 */
public record Mutation(String name, Decider decider, Acceptor acceptor, boolean cachedOnly, Forecaster forecaster) {
    public static final Mutation NONE = ofDecision("none", Rollout::next);

    /** Makes the forecast of a push, as {@link Forecast#of} does. */
    @FunctionalInterface
    public interface Forecaster {
        Forecast of(Accepted accepted, Observed observed, Revision wanted, Instant now);
    }

    static Mutation ofDecision(String name, Decider decider) {
        return new Mutation(name, decider, Acceptance::decide, false, Forecast::of);
    }

    /** The rollout decides on another observation. */
    static Mutation ofObservation(String name, BiFunction<Desired, Observed, Observed> change) {
        return ofDecision(
                name, (desired, observed, now) -> Rollout.next(desired, change.apply(desired, observed), now));
    }

    /** Another step is taken in place of the decided one. */
    static Mutation ofStep(String name, BiFunction<Observed, Step, Step> change) {
        return ofDecision(name, (desired, observed, now) -> {
            Decision decision = Rollout.next(desired, observed, now);
            return decision instanceof Decision.Act act
                    ? new Decision.Act(change.apply(observed, act.step()), act.reason())
                    : decision;
        });
    }

    static Mutation ofAcceptance(String name, Acceptor acceptor) {
        return new Mutation(name, Rollout::next, acceptor, false, Forecast::of);
    }

    /** The forecast observes something else after each step. */
    static Mutation ofForecast(String name, UnaryOperator<Observed> change) {
        return new Mutation(
                name,
                Rollout::next,
                Acceptance::decide,
                false,
                (accepted, observed, wanted, now) -> MutatedForecast.of(accepted, observed, wanted, now, change));
    }

    static Mutation withoutGates(Gate... gates) {
        Set<Gate> names = Set.of(gates);
        String list = names.stream().map(Gate::toString).sorted().collect(Collectors.joining(", "));
        return ofDecision(
                "without gate " + list,
                (desired, observed, now) -> MutatedRollout.withoutGates(desired, observed, now, names));
    }

    static Mutation withoutFreshObservation() {
        return new Mutation(
                "without the fresh observation before a disruptive step",
                Rollout::next,
                Acceptance::decide,
                true,
                Forecast::of);
    }

    public ReadMode readMode(ReadMode wanted) {
        return cachedOnly ? ReadMode.CACHED : wanted;
    }

    @Override
    public String toString() {
        return name;
    }
}
