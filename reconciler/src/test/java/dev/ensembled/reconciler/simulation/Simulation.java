package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Result;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.cycle.WeakenedCycle;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.simulation.Incident.Cause;
import java.util.List;
import java.util.Optional;

/** Runs one history: the world, the daemon that is killed in it now and then, and the oracle that watches. */
final class Simulation {
    private static final long RESYNC_MS = 30_000;
    private static final long BACK_OFF_MS = 1_000;
    private static final long START_OF_DAEMON_MS = 1_500;
    private static final long CACHES_CATCH_UP_MS = 1_000;
    private static final long BOUND_MS = 1_200_000;
    private static final long QUIET_MS = 3 * ModelStore.MEMBER_TIMEOUT.toMillis();

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
    private long nextCycle = 1;
    private int cycles;

    private Simulation(History history, Mutation mutation, boolean telling) {
        this.history = history;
        this.mutation = mutation;
        this.world = new World(history, telling);
        this.calls = new Calls(world);
        this.store = new ModelStore(world, calls, history);
        this.oracle = new Oracle(world, store, history);
        this.platform = new ModelPlatform(world, calls, oracle, mutation);
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
            world.startWhole(store.template());
        }
        int next = 0;
        long bound = history.quietFrom() + BOUND_MS;
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
            oracle.requirePerfectRoll();
        }
    }

    /** The daemon is woken a little after something changed. */
    private long eventOrCycle() {
        long event = world.next();
        if (event < nextCycle) {
            nextCycle = Math.min(nextCycle, event + 60);
        }
        return event;
    }

    private boolean settled(int next) {
        if (next < history.incidents().size() || last.isEmpty() || world.now() < history.quietFrom()) {
            return false;
        }
        return (last.get() instanceof Decision.Done && decidedAt > history.quietFrom() + CACHES_CATCH_UP_MS)
                || (world.now() > history.quietFrom() + QUIET_MS && !(last.get() instanceof Decision.Act));
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
            Result result = daemon.run(ModelStore.ID).orElseThrow();
            decided(result.decision());
        } catch (RetryLaterException e) {
            nextCycle = world.now() + BACK_OFF_MS;
        } catch (Calls.Killed e) {
            daemon = newDaemon();
            nextCycle = world.now() + START_OF_DAEMON_MS;
        }
        oracle.afterEvent();
    }

    private void decided(Decision decision) {
        if (world.telling() && !last.equals(Optional.of(decision))) {
            world.tell("ensembled decides " + decision);
        }
        last = Optional.of(decision);
        decidedAt = world.now();
        if (decision instanceof Decision.Act) {
            nextCycle = world.now() + 50;
        } else if (decision instanceof Decision.Wait wait && wait.until().isPresent()) {
            long until = wait.until().get().toEpochMilli();
            nextCycle = Math.max(world.now() + 10, Math.min(until, world.now() + RESYNC_MS));
        } else {
            nextCycle = world.now() + RESYNC_MS;
        }
    }
}
