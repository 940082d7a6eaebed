package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.simulation.history.Event;
import dev.ensembled.reconciler.simulation.history.EventType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The remote calls of the daemon: each takes time, and may fail before or after it took effect. */
public final class RemoteCalls {
    private static final Set<EventType> BEFORE = EnumSet.of(EventType.KILL_DAEMON_BEFORE_CALL, EventType.DROP_REQUEST);
    private static final Set<EventType> AFTER = EnumSet.of(EventType.KILL_DAEMON_AFTER_CALL, EventType.DROP_RESPONSE);
    private static final Set<EventType> AFTER_STEP =
            EnumSet.of(EventType.KILL_DAEMON_AFTER_STEP, EventType.DROP_STEP_RESPONSE);
    private static final Set<EventType> CONFLICT = EnumSet.of(EventType.RETURN_CONFLICT);
    private static final long LATENCY_MS = 7;
    private final ModelCluster cluster;
    private final Deque<Event> pendingFaults = new ArrayDeque<>();
    private long cacheLagUntil;
    private long cacheLag;

    public RemoteCalls(ModelCluster cluster) {
        this.cluster = cluster;
    }

    /** The daemon was killed during a call. */
    public static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Killed() {
            super("the daemon was killed", null, false, false);
        }
    }

    public void addFault(Event event) {
        if (event.type() == EventType.LAG_CACHES) {
            cacheLagUntil = cluster.now() + event.duration();
            cacheLag = 500 + event.duration() / 4;
        } else {
            pendingFaults.addLast(event);
        }
    }

    /** The current age of the daemon's caches. */
    public long cacheLag() {
        return cluster.now() < cacheLagUntil ? cacheLag : 20;
    }

    public boolean conflict() {
        return takeFault(CONFLICT).isPresent();
    }

    public <T> T call(Supplier<T> effect) {
        return call(effect, AFTER);
    }

    public <T> T act(Supplier<T> effect) {
        return call(effect, AFTER_STEP);
    }

    private <T> T call(Supplier<T> effect, Set<EventType> after) {
        cluster.advanceTo(cluster.now() + LATENCY_MS);
        takeFault(BEFORE).ifPresent(RemoteCalls::fail);
        T result = effect.get();
        takeFault(after).ifPresent(RemoteCalls::fail);
        return result;
    }

    private Optional<EventType> takeFault(Set<EventType> types) {
        Event first = pendingFaults.peekFirst();
        if (first == null || !types.contains(first.type())) {
            return Optional.empty();
        }
        pendingFaults.removeFirst();
        cluster.trace(first.toString());
        return Optional.of(first.type());
    }

    private static void fail(EventType type) {
        if (type == EventType.DROP_REQUEST || type == EventType.DROP_RESPONSE || type == EventType.DROP_STEP_RESPONSE) {
            throw new RetryLaterException("no answer", new IOException("timeout"));
        }
        throw new Killed();
    }
}
