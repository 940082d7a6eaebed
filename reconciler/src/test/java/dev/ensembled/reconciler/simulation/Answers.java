package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import java.util.Optional;

/** What is wrong with the answers of a server that serves. Times are in ms. */
final class Answers {
    private static final long FOR_AS_LONG_AS_IT_RUNS = Node.NEVER;

    private long deniesUntil;
    private long probeFailsUntil;
    private long contradictsUntil;
    private long staleUntil;

    /** It says that it does not serve, in each of its words. */
    void deny(long until) {
        deniesUntil = Math.max(deniesUntil, until);
    }

    /** Its probe does not find it ready. */
    void failProbe(long until) {
        probeFailsUntil = Math.max(probeFailsUntil, until);
    }

    /** One word says that it serves, and another one that it does not. */
    void contradict(long until) {
        contradictsUntil = until;
    }

    /** It names another role than it has. */
    void nameStaleRole(long until) {
        staleUntil = until;
    }

    /** Nothing but what the others say tells that it serves, until its process ends. */
    void denyToAll() {
        deny(FOR_AS_LONG_AS_IT_RUNS);
        failProbe(FOR_AS_LONG_AS_IT_RUNS);
    }

    boolean deniesToAll() {
        return deniesUntil == FOR_AS_LONG_AS_IT_RUNS;
    }

    /** Its process ended. */
    void end() {
        deniesUntil = 0;
        probeFailsUntil = 0;
        contradictsUntil = 0;
        staleUntil = 0;
    }

    /** What it says instead of that it serves; empty if it says so. */
    Optional<Server> denial(long now) {
        if (now < contradictsUntil) {
            return Optional.of(new Server.Unknown("its answers contradict each other"));
        }
        return now < deniesUntil ? Optional.of(new Server.NotServing("looking")) : Optional.empty();
    }

    boolean failsProbe(long now) {
        return now < probeFailsUntil;
    }

    Role role(Role has, long now) {
        if (now >= staleUntil) {
            return has;
        }
        return has == Role.LEADER ? Role.FOLLOWER : Role.LEADER;
    }

    /** When one of that ends. */
    long next(long now) {
        long next = Node.NEVER;
        for (long end : new long[] {deniesUntil, probeFailsUntil, contradictsUntil, staleUntil}) {
            next = end > now ? Math.min(next, end) : next;
        }
        return next;
    }
}
