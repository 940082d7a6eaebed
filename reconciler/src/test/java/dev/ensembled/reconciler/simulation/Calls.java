package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.simulation.Incident.Kind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Every call of the daemon to the outside: takes time, and may fail before or after it had its effect. */
final class Calls {
    private static final Set<Kind> BEFORE = EnumSet.of(Kind.KILL_BEFORE, Kind.RETRY_BEFORE);
    private static final Set<Kind> AFTER = EnumSet.of(Kind.KILL_AFTER, Kind.RETRY_AFTER);
    private static final Set<Kind> AFTER_ACT = EnumSet.of(Kind.KILL_AFTER_ACT, Kind.RETRY_AFTER_ACT);
    private static final long LATENCY_MS = 7;
    private final World world;
    private final Deque<Incident> troubles = new ArrayDeque<>();
    private long cacheLagUntil;
    private long cacheLag;

    Calls(World world) {
        this.world = world;
    }

    /** The daemon was killed in the middle of a call: nothing of it goes on. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Killed() {
            super("the daemon was killed", null, false, false);
        }
    }

    void trouble(Incident incident) {
        if (incident.kind() == Kind.CACHE_LAG) {
            cacheLagUntil = world.now() + incident.lasting();
            cacheLag = 500 + incident.lasting() / 4;
        } else {
            troubles.addLast(incident);
        }
    }

    /** How old what caches tell is. */
    long cacheLag() {
        return world.now() < cacheLagUntil ? cacheLag : 20;
    }

    boolean conflict() {
        return meets(EnumSet.of(Kind.CONFLICT)).isPresent();
    }

    <T> T call(Supplier<T> effect) {
        return call(effect, AFTER);
    }

    <T> T act(Supplier<T> effect) {
        return call(effect, AFTER_ACT);
    }

    private <T> T call(Supplier<T> effect, Set<Kind> after) {
        world.advanceTo(world.now() + LATENCY_MS);
        meets(BEFORE).ifPresent(Calls::fail);
        T result = effect.get();
        meets(after).ifPresent(Calls::fail);
        return result;
    }

    private Optional<Kind> meets(Set<Kind> kinds) {
        Incident first = troubles.peekFirst();
        if (first == null || !kinds.contains(first.kind())) {
            return Optional.empty();
        }
        troubles.removeFirst();
        world.tell(first.toString());
        return Optional.of(first.kind());
    }

    private static void fail(Kind kind) {
        if (kind == Kind.RETRY_BEFORE || kind == Kind.RETRY_AFTER || kind == Kind.RETRY_AFTER_ACT) {
            throw new RetryLaterException("no answer", new IOException("timeout"));
        }
        throw new Killed();
    }
}
