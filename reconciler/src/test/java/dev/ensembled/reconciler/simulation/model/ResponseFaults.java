package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import java.util.Optional;

/** Wrong responses of a server that serves. Times are in ms. */
public final class ResponseFaults {
    private static final long UNTIL_RESTART = ModelMember.NEVER;

    private long notServingUntil;
    private long probeFailsUntil;
    private long contradictsUntil;
    private long staleUntil;

    /** The server reports that it does not serve, in every response. */
    void reportNotServing(long until) {
        notServingUntil = Math.max(notServingUntil, until);
    }

    /** The readiness probe fails. */
    void failProbe(long until) {
        probeFailsUntil = Math.max(probeFailsUntil, until);
    }

    /** One response says that the server serves, and another that it does not. */
    void contradict(long until) {
        contradictsUntil = until;
    }

    /** The server reports another role than it has. */
    void reportStaleRole(long until) {
        staleUntil = until;
    }

    /** Server and probe report that it does not serve until the process ends; only the other members show the contrary. */
    void reportNotServingUntilRestart() {
        reportNotServing(UNTIL_RESTART);
        failProbe(UNTIL_RESTART);
    }

    public boolean reportsNotServingUntilRestart() {
        return notServingUntil == UNTIL_RESTART;
    }

    /** The process has ended. */
    void end() {
        notServingUntil = 0;
        probeFailsUntil = 0;
        contradictsUntil = 0;
        staleUntil = 0;
    }

    /** The wrong report in place of serving; empty if the server reports that it serves. */
    Optional<Server> misreport(long now) {
        if (now < contradictsUntil) {
            return Optional.of(new Server.Unknown("contradictory responses"));
        }
        return now < notServingUntil ? Optional.of(new Server.NotServing("looking")) : Optional.empty();
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

    /** When the next of these faults ends. */
    long nextEndAfter(long now) {
        long next = ModelMember.NEVER;
        for (long end : new long[] {notServingUntil, probeFailsUntil, contradictsUntil, staleUntil}) {
            next = end > now ? Math.min(next, end) : next;
        }
        return next;
    }
}
