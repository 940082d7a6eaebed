package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.conformance.EnsembleUnderTest;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.zookeeper.KeeperException;

/** Real servers for the scenarios that they share with the model of the simulation. */
final class RealEnsemble implements EnsembleUnderTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    /** An election on loopback takes less than a second; a slower one makes the check weaker, not wrong. */
    private static final Duration LASTS = Duration.ofSeconds(3);

    private static final Duration SESSION = Duration.ofSeconds(4);
    private static final Duration RECONFIGURATION = Duration.ofSeconds(10);
    private static final String ZNODE = "/conformance/write";
    private final RealServers servers;
    private final Reconfigurer reconfigurer = new Reconfigurer(RECONFIGURATION);
    private int writes;

    RealEnsemble(RealServers servers) {
        this.servers = servers;
    }

    @Override
    public void bootstrap(Membership membership) {
        run(() -> servers.found(membership));
    }

    @Override
    public void join(int id, Membership members) {
        run(() -> servers.startAsLearner(id, members.without(id)));
    }

    @Override
    public void start(int id) {
        run(() -> servers.run(id));
    }

    @Override
    public void kill(int id) {
        servers.kill(id);
    }

    @Override
    public void freeze(int id) {
        run(() -> servers.signal("STOP", id));
    }

    @Override
    public void thaw(int id) {
        run(() -> servers.signal("CONT", id));
    }

    @Override
    public void wipe(int id) {
        run(() -> servers.wipe(id));
    }

    @Override
    public Answer reconfigure(int asked, Membership from, Membership to) {
        Outcome outcome = reconfigurer.reconfigure(
                servers.address(asked), from, to, servers::endpoint, List.of(RealServers.PASSWORD));
        if (outcome instanceof Outcome.Applied) {
            return Answer.COMMITTED;
        } else if (outcome instanceof Outcome.Stale) {
            return Answer.BAD_VERSION;
        }
        String reason = ((Outcome.Blocked) outcome).reason();
        if (reason.contains("too few voters")) {
            return Answer.NO_QUORUM;
        } else if (reason.contains("session not established")) {
            return Answer.NONE;
        }
        throw new AssertionError(reason);
    }

    @Override
    public boolean write(int via) {
        String znode = ZNODE + (writes + 1);
        boolean acknowledged = inSession(via, session -> {
            session.znode(znode).put(value(znode));
            return true;
        });
        writes += acknowledged ? 1 : 0;
        return acknowledged;
    }

    @Override
    public boolean hasEveryWrite(int id) {
        return writes == 0
                || inSession(id, session -> {
                    session.sync("/");
                    for (int write = 1; write <= writes; write++) {
                        String znode = ZNODE + write;
                        if (!Arrays.equals(session.znode(znode).get(), value(znode))) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    private static byte[] value(String znode) {
        return znode.getBytes(StandardCharsets.UTF_8);
    }

    private interface InSession {
        boolean run(Session session) throws KeeperException, IOException, InterruptedException;
    }

    /** Returns false if the server grants no session, or if the session ends before it has answered. */
    private boolean inSession(int id, InSession action) {
        try (Session session = Session.open(servers.address(id), System.nanoTime() + SESSION.toNanos())) {
            session.authenticate(List.of(RealServers.PASSWORD));
            return action.run(session);
        } catch (KeeperException | IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Server probe(int id) {
        return servers.probe(id);
    }

    @Override
    public boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            pause();
        }
        return true;
    }

    @Override
    public boolean lasts(BooleanSupplier condition) {
        long end = System.nanoTime() + LASTS.toNanos();
        while (System.nanoTime() < end) {
            if (!condition.getAsBoolean()) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() {
        run(() -> Thread.sleep(100));
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void run(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
