package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Result;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.cycle.WeakenedCycle;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.WeakenedRollout;
import dev.ensembled.reconciler.simulation.Incident.Cause;
import dev.ensembled.reconciler.simulation.Incident.Kind;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Runs one history: the world, the daemon that is killed in it now and then, and the oracle that watches. */
final class Simulation {
    private static final long RESYNC_MS = 30_000;
    private static final long BACK_OFF_MS = 1_000;
    private static final long START_OF_DAEMON_MS = 1_500;
    private static final long HELD_MS = Pushed.PROGRESS_DEADLINE.toMillis() + 5_000;
    private static final long CACHES_CATCH_UP_MS = 1_000;
    private static final long BOUND_MS = 1_200_000;
    private static final long QUIET_MS = 3 * Pushed.PROGRESS_DEADLINE.toMillis();

    private final History history;
    private final Mutation mutation;
    private final World world;
    private final Calls calls;
    private final ModelStore store;
    private final ModelPlatform platform;
    private final Oracle oracle;
    private ReconcileCycle daemon;
    private Optional<Decision> last = Optional.empty();
    private long decidedAt;
    private String held = "";
    private long heldSince;
    private long nextCycle = 1;
    private int cycles;
    private int failures;

    private Simulation(History history, Mutation mutation, boolean telling) {
        this.history = history;
        this.mutation = mutation;
        this.world = new World(history, telling);
        this.calls = new Calls(world);
        this.store = new ModelStore(world, calls, history);
        this.oracle = new Oracle(world, store, history);
        this.platform = new ModelPlatform(world, store, calls, oracle, mutation);
        this.daemon = newDaemon();
    }

    /**
     * How a history went.
     *
     * @param violated the property that did not hold; empty if all did
     */
    record Verdict(Optional<String> violated, int cycles, List<String> story) {}

    static Verdict run(History history, Mutation mutation) {
        return run(history, mutation, false);
    }

    static Verdict run(History history, Mutation mutation, boolean telling) {
        Simulation simulation = new Simulation(history, mutation, telling);
        Optional<String> violated = Optional.empty();
        try {
            simulation.play();
        } catch (Violation violation) {
            violated = Optional.of(violation.getMessage());
        }
        return new Verdict(violated, simulation.cycles, simulation.world.story());
    }

    private ReconcileCycle newDaemon() {
        return WeakenedCycle.of(store, platform, platform, world.clock(), mutation.decide());
    }

    private void play() {
        if (!history.fromNothing()) {
            world.startWhole(
                    store.template(),
                    Memberships.of(history.voters(), history.observers()),
                    store.pushed().bytes());
        }
        int firstLeader = world.peers.leader().map(node -> node.id).orElse(0);
        int next = 0;
        // Where each of many learners fetches for long, it all takes longer.
        long bound = history.quietFrom() + (history.has(Kind.MUCH_DATA) ? 3 * BOUND_MS : BOUND_MS);
        while (!settled(next) && world.now() < bound) {
            long incident = next < history.incidents().size()
                    ? history.incidents().get(next).at()
                    : Node.NEVER;
            world.advanceTo(Math.max(world.now(), Math.min(Math.min(incident, nextCycle), eventOrCycle())));
            if (world.now() >= incident) {
                happen(history.incidents().get(next));
                next++;
            }
            oracle.afterEvent();
            if (world.now() >= nextCycle) {
                cycle();
            }
        }
        new Ending(history, world, store).require(last);
        if (history.calm()) {
            oracle.requirePerfection(firstLeader);
        }
    }

    /** The daemon is woken a little after something changed. */
    private long eventOrCycle() {
        long event = Math.min(world.next(), store.next());
        if (event < nextCycle) {
            nextCycle = Math.min(nextCycle, event + 60);
        }
        return event;
    }

    private boolean settled(int next) {
        if (next < history.incidents().size() || last.isEmpty() || world.now() < history.quietFrom()) {
            return false;
        }
        boolean goesOn = last.get() instanceof Decision.Act
                || (last.get() instanceof Decision.Wait wait && wait.until().isPresent());
        return (last.get() instanceof Decision.Done && decidedAt > history.quietFrom() + CACHES_CATCH_UP_MS)
                || (world.now() > history.quietFrom() + QUIET_MS && world.now() > heldSince + HELD_MS && !goesOn);
    }

    private void happen(Incident incident) {
        if (incident.is(Cause.CALL)) {
            calls.trouble(incident);
        } else {
            new Happenings(world, store).happen(incident);
            last = Optional.empty();
        }
        world.settle();
        nextCycle = Math.min(nextCycle, world.now() + 50);
    }

    private void cycle() {
        cycles++;
        try {
            Optional<Result> result = daemon.run(ModelStore.ID);
            result.ifPresent(this::decided);
            if (result.isEmpty()) {
                nextCycle = world.now() + RESYNC_MS;
            }
        } catch (RetryLaterException e) {
            conclude(new Decision.Wait(Gate.REFUSED_BY_API, e.getMessage(), Optional.empty()));
            backOff();
        } catch (Calls.Killed e) {
            daemon = newDaemon();
            nextCycle = world.now() + START_OF_DAEMON_MS;
        }
        oracle.afterEvent();
    }

    private static String held(Decision decision) {
        if (decision instanceof Decision.Wait wait) {
            return wait.gate().toString();
        }
        return decision instanceof Decision.Stalled stalled
                ? stalled.gate().toString()
                : decision.getClass().getSimpleName();
    }

    private void decided(Result result) {
        Decision decision = result.decision();
        oracle.decided(decision);
        if (world.telling() && !last.equals(Optional.of(decision))) {
            world.tell("ensembled decides " + decision);
        }
        conclude(
                result.outcome()
                                .filter(Outcome.SanityTestFailed.class::isInstance)
                                .isPresent()
                        ? reported(result)
                        : result.outcome()
                                .filter(Outcome.Blocked.class::isInstance)
                                .map(Outcome.Blocked.class::cast)
                                .<Decision>map(blocked ->
                                        new Decision.Wait(blocked.gate(), blocked.reason(), Optional.empty()))
                                .orElse(decision));
        if (last.get() instanceof Decision.Act) {
            nextCycle = world.now() + 50;
        } else if (decision instanceof Decision.Wait wait && wait.until().isPresent()) {
            long until = wait.until().get().toEpochMilli();
            nextCycle = Math.max(world.now() + 10, Math.min(until, world.now() + RESYNC_MS));
        } else if (result.outcome().isPresent()) {
            backOff();
            return;
        } else {
            nextCycle = world.now() + RESYNC_MS;
        }
        failures = 0;
    }

    /** Of a test that failed, the status says whether it is still waited for. */
    private static Decision reported(Result result) {
        RolloutStatus rollout = result.status().rollout();
        return result.stalled()
                ? new Decision.Stalled(WeakenedRollout.gate(rollout.gate()), rollout.reason())
                : new Decision.Wait(WeakenedRollout.gate(rollout.gate()), rollout.reason(), Optional.of(Instant.MAX));
    }

    private void conclude(Decision decision) {
        last = Optional.of(decision);
        decidedAt = world.now();
        String by = held(decision);
        if (!by.equals(held)) {
            held = by;
            heldSince = world.now();
        }
    }

    /** The longer it fails, the later it tries again, as a work queue does. */
    private void backOff() {
        nextCycle = world.now() + Math.min(RESYNC_MS, BACK_OFF_MS << Math.min(failures, 10));
        failures++;
    }
}
