package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.joining;

import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.GateCheck.Closed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What must be known before an instance is deleted without asking budgets, windows and approval: that no server serves
 * in it, for which the report of that server is not enough (docs/invariants.md, rule 3).
 *
 * <p>There are three independent sources:
 *
 * <ol>
 *   <li>The platform, for the process: its container was never started, or has ended, and nothing answers at its
 *       address. This does not depend on the report of a server, and is sufficient alone.
 *   <li>The server: all its answers say that it does not serve ({@link Server.NotServing}), or nothing listens
 *       ({@link Server.Down}); and the platform's probe finds it not ready. Both ask the same server, so a cause that
 *       makes one of them wrong makes both wrong. Together they are one source, and never sufficient.
 *   <li>The other servers: another server leads with a quorum in sync, and does not count this one among its followers.
 * </ol>
 *
 * <p>Required is the first source, or the second and the third, which must have agreed for some time: a server that was
 * just cut off still reports for a moment that it follows, and so hides that the leader counts this one instead.
 *
 * <p>While no such quorum is seen without the server, it may be part of a quorum that is not seen, and even lead it: a
 * leader that answers wrongly looks like that, with followers that serve. Then any other server that reports that it
 * serves, in any role, and any that cannot be read, is a sign that it serves. Only if every other server can be read,
 * none of them serves, and this has been so until the progress deadline, is it known that it does not serve.
 *
 * <p>The status has the time since which the sources have agreed: in it, a member whose report is contradicted is
 * unknown. In doubt, an instance leaves only as a healthy member does: {@link Unready}.
 */
public final class Evidence {
    /** Longer than a follower takes to notice that it was cut off, which is {@code syncLimit} ticks. */
    static final Duration AGREED_FOR = Duration.ofSeconds(15);

    /** The roles in the status of a member that reports that it does not serve, and is not contradicted. */
    private static final Set<String> NOT_SERVING_ROLES =
            Set.of(new Server.NotServing("").describe(), new Server.Down("").describe());

    private final Member member;

    private Evidence(Member member) {
        this.member = member;
    }

    /** The gates that are open when it is known that no server serves in the instance. */
    static List<GateCheck> gates(Member member) {
        Evidence evidence = new Evidence(member);
        return List.of(
                new GateCheck(Gate.REPLACEMENT_SERVES, evidence::serverReportsNotServing),
                new GateCheck(Gate.REPLACEMENT_PROBE, evidence::probeReportsNotReady),
                new GateCheck(Gate.REPLACEMENT_EVIDENCE, evidence::othersAgree));
    }

    /** Whether it is known that no server serves in the instance. */
    static boolean isComplete(Situation situation, Member member) {
        return gates(member).stream()
                .allMatch(gate -> gate.check().apply(situation).isEmpty());
    }

    /** What contradicts the report of a member that it does not serve; empty if nothing does. */
    public static Optional<String> contradiction(Situation situation, Member member) {
        Evidence evidence = new Evidence(member);
        return evidence.processHasEnded()
                        || evidence.serverReportsNotServing(situation).isPresent()
                ? Optional.empty()
                : evidence.contradicted(situation);
    }

    private Optional<Closed> serverReportsNotServing(Situation situation) {
        return processHasEnded() || (isRunningOrEnded() && reportsNotServing(member))
                ? Optional.empty()
                : Closed.because("member " + member.id() + " may be serving");
    }

    /**
     * A ready member served a moment ago: it may be changing its role or its leader, and be back before its probe
     * fails.
     */
    private Optional<Closed> probeReportsNotReady(Situation situation) {
        boolean ready = member.instance().filter(instance -> instance.ready()).isPresent();
        return processHasEnded() || !ready
                ? Optional.empty()
                : Closed.because("member " + member.id() + " reports that it is not serving, and its pod is ready");
    }

    private Optional<Closed> othersAgree(Situation situation) {
        if (processHasEnded()) {
            return Optional.empty();
        }
        Optional<String> contradiction = contradicted(situation);
        if (contradiction.isPresent()) {
            return Closed.because(contradiction.get());
        }
        boolean agreed = situation.hasQuorumWithout(member.id())
                ? agreedFor(situation, AGREED_FOR)
                : situation.isPastDeadline(member)
                        && agreedFor(
                                situation,
                                ProgressDeadline.of(situation, member).duration());
        return agreed ? Optional.empty() : Closed.because("member " + member.id() + " may be needed for a quorum");
    }

    private boolean agreedFor(Situation situation, Duration time) {
        return situation.observed().status().members().stream()
                .filter(status -> status.id() == member.id() && status.since() != null)
                .filter(status -> NOT_SERVING_ROLES.contains(status.role()) && !Boolean.TRUE.equals(status.ready()))
                .anyMatch(status ->
                        !situation.now().isBefore(Instant.parse(status.since()).plus(time)));
    }

    private Optional<String> contradicted(Situation situation) {
        return situation.hasQuorumWithout(member.id()) ? countedByLeader(situation) : neededByOthers(situation);
    }

    /** Whether the leader has more servers in sync than the other members report. It also counts some that still sync. */
    private Optional<String> countedByLeader(Situation situation) {
        Member leader = situation.observed().leader().orElseThrow();
        Server.Serving leading = leader.server().serving().orElseThrow();
        long followers = others(situation)
                .filter(other -> leading.membership().voters().contains(other.id())
                        && other.server().isServingAs(Role.FOLLOWER))
                .count();
        long observers = others(situation)
                .filter(other -> other.server().isServingAs(Role.OBSERVER))
                .count();
        boolean counted = leading.membership().voters().contains(member.id())
                ? leading.syncedFollowers() > followers
                : leading.membership().observers().contains(member.id()) && leading.syncedObservers() > observers;
        return counted
                ? Optional.of(
                        "leader " + leader.id() + " counts one more server in sync than the other members report, which"
                                + " may be member " + member.id())
                : Optional.empty();
    }

    private Optional<String> neededByOthers(Situation situation) {
        List<Member> unreadable =
                others(situation).filter(other -> mayServe(situation, other)).toList();
        return unreadable.isEmpty()
                ? Optional.empty()
                : Optional.of(unreadable.stream()
                                .map(other -> "member " + other.id() + " "
                                        + (other.serves()
                                                ? "reports the role "
                                                        + other.server().describe()
                                                : "cannot be read"))
                                .collect(joining(", "))
                        + ", and no quorum is seen without member " + member.id()
                        + ": it may belong to a quorum, or lead it");
    }

    private static boolean mayServe(Situation situation, Member other) {
        return other.serves() || (situation.counted().contains(other) && other.isUnknown());
    }

    private Stream<Member> others(Situation situation) {
        return situation.observed().members().stream().filter(other -> other.id() != member.id());
    }

    /** A server that answers contradicts the platform, which may be behind. */
    private boolean processHasEnded() {
        return !member.answers()
                && member.instance()
                        .filter(instance -> instance.knownNotRunning())
                        .isPresent();
    }

    private boolean isRunningOrEnded() {
        return member.instance()
                .filter(instance -> instance.phase() == Phase.RUNNING || instance.knownNotRunning())
                .isPresent();
    }

    private static boolean reportsNotServing(Member member) {
        return member.server().isNotServing() || member.server().isDown();
    }
}
