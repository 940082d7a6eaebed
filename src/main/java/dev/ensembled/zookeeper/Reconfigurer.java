package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.RetryLaterException;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.rollout.Gate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.zookeeper.KeeperException;

/**
 * Changes the committed membership, with the ZooKeeper client as the super user.
 *
 * <ol>
 *   <li>Opens a session at the leader and at no other server: a follower may report that the connection was lost
 *       although the change was committed.
 *   <li>Offers each password of the super user; while passwords are rotated, a server may still have the previous
 *       password.
 *   <li>Requests the change, with the precondition that the committed membership still has the version of {@code from}.
 *   <li>Closes the session.
 * </ol>
 *
 * <p>Measured with 3.9.5 on loopback: when a synced server gets a vote or is removed from the membership, no client is
 * interrupted. A server that changes between voter and observer closes the connections of its clients and serves again
 * 0.05 to 0.15 s later; a leader that is demoted hands off within 0.2 s, and every server closes the connections of its
 * clients. Sessions survive both.
 *
 * <p>A call takes no longer than the deadline, plus at most one second to close the session. This class keeps no state
 * and is thread-safe. No password is written to a message or a log.
 */
public final class Reconfigurer {

    private final Duration deadline;

    /** Creates an instance with the default deadline of ten seconds. */
    public Reconfigurer() {
        this(Duration.ofSeconds(10));
    }

    public Reconfigurer(Duration deadline) {
        this.deadline = deadline;
    }

    /**
     * Requests the reconfiguration from the leader.
     *
     * @param from the membership that is committed now
     * @param to the wanted membership; its version is ignored
     * @param endpoints the address of each server of {@code to}, by its id
     * @param passwords the passwords of the super user, the newest first
     * @return {@link Outcome.Applied} if it was committed, {@link Outcome.Stale} if another membership than
     *     {@code from} is committed, {@link Outcome.Blocked} if the leader refused it or granted no session
     * @throws RetryLaterException if it is not known whether it was committed
     */
    public Outcome reconfigure(
            HostPort leader, Membership from, Membership to, IntFunction<Endpoint> endpoints, List<String> passwords) {
        if (from.sameAs(to)) {
            return new Outcome.Applied();
        }
        long end = System.nanoTime() + deadline.toNanos();
        ReconfigRequest change = ReconfigRequest.of(from, to, endpoints);
        try (Session session = Session.open(leader, end)) {
            session.authenticate(passwords);
            session.reconfigure(change, from.version());
            return new Outcome.Applied();
        } catch (KeeperException e) {
            return refusal(leader, from, e);
        } catch (IOException e) {
            return blocked("no session at the leader " + leader + ": " + e.getMessage()
                    + ". The request is retried; if it keeps failing while the server is running, restart the server"
                    + " manually: after a reconfiguration, a leader may stop committing (ZOOKEEPER-4708)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(leader, "interrupted", e);
        }
    }

    private static Outcome refusal(HostPort leader, Membership from, KeeperException e) {
        return switch (e.code()) {
            case BADVERSION ->
                new Outcome.Stale(
                        "the committed configuration is no longer version " + Long.toHexString(from.version()));
            case NEWCONFIGNOQUORUM ->
                blocked("too few voters of the new membership are in sync with the leader " + leader
                        + ": wait until more are, or repair the voters that are not in sync");
            case RECONFIGINPROGRESS ->
                blocked("another reconfiguration is in progress; the request is retried. If it"
                        + " keeps failing, restart the leader " + leader);
            case RECONFIGDISABLED ->
                blocked(
                        "the leader " + leader
                                + " runs with reconfigEnabled=false: restart it with the configuration that ensembled generated");
            case NOAUTH ->
                blocked("the leader " + leader + " does not accept the super user's password: restart it manually,"
                        + " so that it reads the current digest");
            case BADARGUMENTS ->
                blocked("the leader " + leader + " refused the new membership as invalid: see its log for the reason");
            case UNIMPLEMENTED ->
                blocked("the leader " + leader + " runs in standalone mode: set standaloneEnabled=false");
            default -> throw unknown(leader, e.code().name(), e);
        };
    }

    private static Outcome blocked(String reason) {
        return new Outcome.Blocked(Gate.RECONFIGURATION, reason);
    }

    private static RetryLaterException unknown(HostPort leader, String reason, Exception cause) {
        return new RetryLaterException(
                "reconfiguration by the leader " + leader + " ended with " + reason
                        + ", result unknown: the committed configuration is read again",
                cause);
    }
}
