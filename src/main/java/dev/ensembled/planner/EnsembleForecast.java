package dev.ensembled.planner;

import dev.ensembled.reconciler.commitplan.EnsemblePlan;
import dev.ensembled.reconciler.commitplan.EvictionTrial;
import dev.ensembled.reconciler.commitplan.SpecPlan;
import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.forecast.Continuation;
import dev.ensembled.reconciler.forecast.DryRun;
import dev.ensembled.reconciler.forecast.Forecast;
import dev.ensembled.reconciler.forecast.ForecastStep;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.RestartDurations;
import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Observes one ensemble, and forecasts what its rollout would do with another spec. Thread-safe. */
public final class EnsembleForecast {
    private final EnsembleStore store;
    private final Platform platform;
    private final DryRun dryRun;
    private final Clock clock;

    public EnsembleForecast(EnsembleStore store, Platform platform, DryRun dryRun, Clock clock) {
        this.store = store;
        this.platform = platform;
        this.dryRun = dryRun;
        this.clock = clock;
    }

    /**
     * Returns the plan of an ensemble whose spec would change. An ensemble that cannot be observed has a plan that says so.
     *
     * @param stored what is accepted now; empty if the ensemble would be created
     */
    EnsemblePlan of(SpecPlan plan, Optional<Accepted> stored) {
        EnsembleSpec wanted = plan.wanted().orElseThrow();
        try {
            Optional<String> refusal = store.refusal(plan.id(), wanted).or(() -> platform.refusal(wanted));
            return refusal.isPresent() ? plan.refused(refusal.get()) : forecast(plan, accepted(plan, wanted, stored));
        } catch (RetryLaterException e) {
            return plan.notObserved(e.getMessage());
        }
    }

    /** Returns the spec as it would be accepted: with the next generation, and the requests that exist now. */
    private static Accepted accepted(SpecPlan plan, EnsembleSpec wanted, Optional<Accepted> stored) {
        return new Accepted(
                plan.id(),
                wanted,
                stored.map(Accepted::generation).orElse(0L) + 1,
                stored.flatMap(Accepted::source),
                false,
                stored.map(Accepted::requests).orElse(Requests.NONE),
                stored.map(Accepted::status).orElseGet(EnsembleStatus::empty));
    }

    private EnsemblePlan forecast(SpecPlan plan, Accepted accepted) {
        Desired desired = Desired.of(accepted.id(), accepted.spec(), accepted.generation(), accepted.requests());
        Observed observed = platform.observe(desired, accepted.status(), ReadMode.CACHED);
        Revision wanted = dryRun.wantedRevision(desired);
        Instant now = clock.instant();
        Forecast forecast = Forecast.of(accepted, observed, wanted, now);
        History history = store.history(plan.id());
        return plan.with(
                forecast,
                Continuation.of(forecast, accepted, observed, wanted, now),
                role -> RestartDurations.expected(history, role),
                instances(observed, wanted, forecast).entrySet().stream()
                        .map(member -> evict(plan.id(), member.getKey(), member.getValue(), observed))
                        .toList());
    }

    /**
     * The instances that would be restarted, by member: those of the forecast, and those of another revision, whose restarts
     * are not in a forecast that a gate holds before.
     */
    private static SortedMap<Integer, Instance> instances(Observed observed, Revision wanted, Forecast forecast) {
        Set<Integer> restarts = forecast.steps().stream()
                .map(ForecastStep::step)
                .filter(Step::restartsMember)
                .flatMap(step -> step.affectedMember().stream())
                .collect(Collectors.toSet());
        SortedMap<Integer, Instance> instances = new TreeMap<>();
        observed.members().forEach(member -> member.instance()
                .filter(instance ->
                        restarts.contains(member.id()) || !instance.aspects().equals(wanted.aspects()))
                .ifPresent(instance -> instances.put(member.id(), instance)));
        return instances;
    }

    private EvictionTrial evict(EnsembleId id, int member, Instance instance, Observed observed) {
        return dryRun.evict(id, instance).accept(new Outcome.Visitor<>() {
            @Override
            public EvictionTrial visit(Outcome.Applied applied) {
                return new EvictionTrial(member, instance.name(), true, null, null);
            }

            @Override
            public EvictionTrial visit(Outcome.Blocked blocked) {
                return new EvictionTrial(
                        member,
                        instance.name(),
                        false,
                        blocked.gate().toString(),
                        blocked.reason() + budgets(member, observed));
            }

            @Override
            public EvictionTrial visit(Outcome.SanityTestFailed failed) {
                throw new IllegalStateException("an eviction is no sanity test");
            }

            @Override
            public EvictionTrial visit(Outcome.Stale stale) {
                return new EvictionTrial(member, instance.name(), false, null, stale.reason());
            }
        });
    }

    /** The API server does not name the budgets of a pod that several of them cover. */
    private static String budgets(int member, Observed observed) {
        String names = observed.budgets().stream()
                .filter(budget -> budget.members().contains(member))
                .map(Budget::name)
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : " Budgets of this pod: " + names;
    }
}
