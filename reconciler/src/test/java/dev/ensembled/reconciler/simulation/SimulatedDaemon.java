package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.cycle.MutatedCycle;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Result;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.MutatedRollout;
import dev.ensembled.reconciler.simulation.check.ForecastChecker;
import dev.ensembled.reconciler.simulation.check.Oracle;
import dev.ensembled.reconciler.simulation.model.ModelCluster;
import dev.ensembled.reconciler.simulation.model.ModelStore;
import dev.ensembled.reconciler.simulation.model.RemoteCalls;
import dev.ensembled.reconciler.simulation.mutation.Mutation;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import java.time.Instant;
import java.util.Optional;

/** The daemon: schedules real reconcile cycles as the driver does, and is restarted after it was killed. */
final class SimulatedDaemon {
    private static final long RESYNC_MS = 30_000;
    private static final long BACK_OFF_MS = 1_000;
    private static final long RESTART_MS = 1_500;
    private static final long STEP_TO_CYCLE_MS = 50;

    private final ModelCluster cluster;
    private final ModelStore store;
    private final ForecastChecker forecasts;
    private final ModelPlatform platform;
    private final Oracle oracle;
    private final Mutation mutation;
    private ReconcileCycle cycle;
    private Optional<Decision> last = Optional.empty();
    private long decidedAt;
    private String held = "";
    private long heldSince;
    private long nextCycleAt = 1;
    private int cycles;
    private int failures;

    SimulatedDaemon(
            ModelCluster cluster,
            ModelStore store,
            ForecastChecker forecasts,
            ModelPlatform platform,
            Oracle oracle,
            Mutation mutation) {
        this.cluster = cluster;
        this.store = store;
        this.forecasts = forecasts;
        this.platform = platform;
        this.oracle = oracle;
        this.mutation = mutation;
        this.cycle = start();
    }

    private ReconcileCycle start() {
        return MutatedCycle.of(store, platform, platform, cluster.clock(), mutation.decider());
    }

    long nextCycleAt() {
        return nextCycleAt;
    }

    /** A watch event or a hint: the next cycle runs at this time at the latest. */
    void wakeBy(long time) {
        nextCycleAt = Math.min(nextCycleAt, time);
    }

    /** The last decision after the last event, with the outcome of its step; empty if there is none yet. */
    Optional<Decision> lastDecision() {
        return last;
    }

    void forgetDecision() {
        last = Optional.empty();
    }

    long decidedAt() {
        return decidedAt;
    }

    /** Since when each decision has named the same gate. */
    long heldSince() {
        return heldSince;
    }

    int cycles() {
        return cycles;
    }

    void runCycle() {
        cycles++;
        try {
            Optional<Result> result = cycle.run(ModelStore.ID);
            result.ifPresent(this::decided);
            if (result.isEmpty()) {
                nextCycleAt = cluster.now() + RESYNC_MS;
            }
        } catch (RetryLaterException e) {
            conclude(new Decision.Wait(Gate.REFUSED_BY_API, e.getMessage(), Optional.empty()));
            backOff();
        } catch (RemoteCalls.Killed e) {
            cycle = start();
            nextCycleAt = cluster.now() + RESTART_MS;
        }
    }

    private void decided(Result result) {
        Decision decision = result.decision();
        oracle.decided(decision);
        if (result.outcome().filter(Outcome::isApplied).isPresent()) {
            decision.act().ifPresent(act -> forecasts.taken(act.step()));
        }
        if (cluster.tracing() && !last.equals(Optional.of(decision))) {
            cluster.trace("ensembled decides " + decision);
        }
        conclude(withOutcome(result));
        if (last.get() instanceof Decision.Act) {
            nextCycleAt = cluster.now() + STEP_TO_CYCLE_MS;
        } else if (decision instanceof Decision.Wait wait && wait.until().isPresent()) {
            long until = wait.until().get().toEpochMilli();
            nextCycleAt = Math.max(cluster.now() + 10, Math.min(until, cluster.now() + RESYNC_MS));
        } else if (result.outcome().isPresent()) {
            backOff();
            return;
        } else {
            nextCycleAt = cluster.now() + RESYNC_MS;
        }
        failures = 0;
    }

    private static Decision withOutcome(Result result) {
        Outcome outcome = result.outcome().orElse(null);
        if (outcome instanceof Outcome.SanityTestFailed) {
            return reported(result);
        } else if (outcome instanceof Outcome.Blocked blocked) {
            return new Decision.Wait(blocked.gate(), blocked.reason(), Optional.empty());
        }
        return result.decision();
    }

    /** After a failed sanity test, the status shows whether the daemon waits or is stalled. */
    private static Decision reported(Result result) {
        RolloutStatus rollout = result.status().rollout();
        Gate gate = MutatedRollout.gateNamed(rollout.gate());
        return result.stalled()
                ? new Decision.Stalled(gate, rollout.reason())
                : new Decision.Wait(gate, rollout.reason(), Optional.of(Instant.MAX));
    }

    private void conclude(Decision decision) {
        last = Optional.of(decision);
        decidedAt = cluster.now();
        String by = gateOf(decision);
        if (!by.equals(held)) {
            held = by;
            heldSince = cluster.now();
        }
    }

    private static String gateOf(Decision decision) {
        if (decision instanceof Decision.Wait wait) {
            return wait.gate().toString();
        }
        return decision instanceof Decision.Stalled stalled
                ? stalled.gate().toString()
                : decision.getClass().getSimpleName();
    }

    /** Exponential back-off, as in the driver's work queue. */
    private void backOff() {
        nextCycleAt = cluster.now() + Math.min(RESYNC_MS, BACK_OFF_MS << Math.min(failures, 10));
        failures++;
    }
}
