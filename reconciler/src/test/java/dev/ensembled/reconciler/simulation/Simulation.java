package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.simulation.check.FinalStateChecker;
import dev.ensembled.reconciler.simulation.check.ForecastChecker;
import dev.ensembled.reconciler.simulation.check.HistoryChecker;
import dev.ensembled.reconciler.simulation.check.InvariantViolation;
import dev.ensembled.reconciler.simulation.check.Oracle;
import dev.ensembled.reconciler.simulation.history.Event;
import dev.ensembled.reconciler.simulation.history.EventType;
import dev.ensembled.reconciler.simulation.history.History;
import dev.ensembled.reconciler.simulation.model.FaultInjector;
import dev.ensembled.reconciler.simulation.model.ModelCluster;
import dev.ensembled.reconciler.simulation.model.ModelMember;
import dev.ensembled.reconciler.simulation.model.ModelReconfigurer;
import dev.ensembled.reconciler.simulation.model.ModelSource;
import dev.ensembled.reconciler.simulation.model.ModelStore;
import dev.ensembled.reconciler.simulation.model.PushedSpec;
import dev.ensembled.reconciler.simulation.model.RemoteCalls;
import dev.ensembled.reconciler.simulation.mutation.Mutation;
import java.util.List;
import java.util.Optional;

/** Runs one history: injects its events into the model, runs the daemon, and lets the oracle check the invariants. */
final class Simulation {
    private static final long HELD_MS = PushedSpec.PROGRESS_DEADLINE.toMillis() + 5_000;
    private static final long CACHES_CATCH_UP_MS = 1_000;
    private static final long BOUND_MS = 1_200_000;
    private static final long QUIET_MS = 3 * PushedSpec.PROGRESS_DEADLINE.toMillis();
    private static final long EVENT_TO_CYCLE_MS = 50;
    private static final long WATCH_TO_CYCLE_MS = 60;

    private final History history;
    private final ModelCluster cluster;
    private final RemoteCalls calls;
    private final ModelStore store;
    private final ModelSource source;
    private final FaultInjector faults;
    private final Oracle oracle;
    private final ForecastChecker forecasts;
    private final HistoryChecker histories;
    private final SimulatedDaemon daemon;
    private int injected;

    private Simulation(History history, Mutation mutation, boolean tracing) {
        this.history = history;
        this.cluster = new ModelCluster(history.seed(), tracing);
        this.calls = new RemoteCalls(cluster);
        this.store = new ModelStore(cluster, calls, PushedSpec.first(history.voters(), history.observers()));
        this.source = new ModelSource(store, mutation.acceptor());
        this.faults = new FaultInjector(cluster, store);
        this.oracle = new Oracle(cluster, store, history);
        this.forecasts = new ForecastChecker(cluster, store, history, mutation.forecaster());
        this.histories = new HistoryChecker(store, history);
        this.daemon = new SimulatedDaemon(
                cluster,
                store,
                forecasts,
                new ModelPlatform(cluster, store, calls, oracle, histories, mutation),
                oracle,
                mutation);
    }

    /**
     * The result of a history.
     *
     * @param violation the invariant that did not hold; empty if all did
     */
    record Verdict(Optional<String> violation, int cycles, List<String> trace) {}

    static Verdict run(History history, Mutation mutation) {
        return run(history, mutation, false);
    }

    static Verdict run(History history, Mutation mutation, boolean tracing) {
        Simulation simulation = new Simulation(history, mutation, tracing);
        Optional<String> violation = Optional.empty();
        try {
            simulation.run();
        } catch (InvariantViolation e) {
            violation = Optional.of(e.getMessage());
        }
        return new Verdict(violation, simulation.daemon.cycles(), simulation.cluster.trace());
    }

    private void run() {
        if (!history.bootstraps()) {
            cluster.startHealthy(
                    store.template(),
                    ModelReconfigurer.of(history.voters(), history.observers()),
                    store.pushedSpec().bytes());
        }
        int firstLeader = cluster.peers.leader().map(member -> member.id).orElse(0);
        // Many large snapshots, one after the other, take longer.
        long bound = history.lastEventEndsAt() + (history.has(EventType.GROW_DATA) ? 3 * BOUND_MS : BOUND_MS);
        while (!isQuiescent() && cluster.now() < bound) {
            advance();
        }
        new FinalStateChecker(history, cluster, store).check(daemon.lastDecision());
        forecasts.check();
        histories.check(daemon.lastDecision());
        if (history.isUndisturbed()) {
            oracle.requireMinimalDisruption(firstLeader);
        }
    }

    /** Advances to the next event of the history, action of the model or reconcile cycle. */
    private void advance() {
        long event = injected < history.events().size()
                ? history.events().get(injected).at()
                : ModelMember.NEVER;
        long action = Math.min(cluster.nextActionAt(), store.nextActionAt());
        if (action < daemon.nextCycleAt()) {
            daemon.wakeBy(action + WATCH_TO_CYCLE_MS);
        }
        long next = Math.min(Math.min(event, action), daemon.nextCycleAt());
        cluster.advanceTo(Math.max(cluster.now(), next));
        if (cluster.now() >= event) {
            inject(history.events().get(injected));
            injected++;
        }
        oracle.afterEvent();
        if (cluster.now() >= daemon.nextCycleAt()) {
            daemon.runCycle();
            oracle.afterEvent();
        }
    }

    private void inject(Event event) {
        switch (event.type().category()) {
            case COMMIT -> {
                cluster.trace(event.toString());
                source.commit(event);
                oracle.afterCommit(source);
                forecasts.afterCommit();
            }
            case REQUEST -> {
                cluster.trace(event.toString());
                store.request(event);
            }
            case MEMBER, CLUSTER -> {
                cluster.trace(event.toString());
                faults.inject(event);
            }
            case CALL -> calls.addFault(event);
        }
        if (!event.is(EventType.Category.CALL)) {
            daemon.forgetDecision();
        }
        cluster.runDueActions();
        daemon.wakeBy(cluster.now() + EVENT_TO_CYCLE_MS);
    }

    /** Whether all events have ended and the daemon has nothing more to do, or reports the same gate for a long time. */
    private boolean isQuiescent() {
        long ended = history.lastEventEndsAt();
        if (injected < history.events().size() || daemon.lastDecision().isEmpty() || cluster.now() < ended) {
            return false;
        }
        Decision last = daemon.lastDecision().get();
        boolean continues = last instanceof Decision.Act
                || (last instanceof Decision.Wait wait && wait.until().isPresent());
        return (last instanceof Decision.Done && daemon.decidedAt() > ended + CACHES_CATCH_UP_MS)
                || (cluster.now() > ended + QUIET_MS && cluster.now() > daemon.heldSince() + HELD_MS && !continues);
    }
}
