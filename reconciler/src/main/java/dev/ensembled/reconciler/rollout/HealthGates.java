package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.joining;

import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.rollout.GateCheck.Closed;
import dev.ensembled.reconciler.spec.model.DurationText;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The gates that require that all members are healthy: every member can be read, serves, follows the one leader, has
 * the data that it had before, and has held this for the settle period. They must be open before each step on a healthy
 * member, and after the last one. Rules are those of docs/invariants.md.
 */
final class HealthGates {

    /** In order: the cause that makes other members unreadable comes first. */
    static final List<GateCheck> BEFORE_SANITY_TEST = List.of(
            new GateCheck(Gate.UNKNOWN_MEMBER, HealthGates::everyMemberIsKnown),
            new GateCheck(Gate.MEMBER_DOWN, HealthGates::everyMemberServes),
            new GateCheck(Gate.ONE_LEADER, HealthGates::allFollowOneLeader),
            new GateCheck(Gate.CONFIG_VERSION, HealthGates::sameMembership),
            new GateCheck(Gate.MEMBER_ROLE, HealthGates::everyMemberHasItsRole),
            new GateCheck(Gate.DATA_BEHIND, HealthGates::noDataIsBehind));

    static final List<GateCheck> AFTER_SANITY_TEST = List.of(
            new GateCheck(Gate.SETTLE, HealthGates::settled),
            new GateCheck(Gate.DRIFT_CONFLICT, HealthGates::noDriftConflict));

    private HealthGates() {}

    /** Whether all health gates are open, except that a member may be down. */
    static boolean allOpenExceptMemberDown(Situation situation) {
        List<GateCheck> others = BEFORE_SANITY_TEST.stream()
                .filter(gate -> gate.gate() != Gate.MEMBER_DOWN)
                .toList();
        return GateCheck.firstClosed(others, situation).isEmpty();
    }

    /**
     * Rule 1: an unknown member is never healthy. A terminating member is expected to stop answering: the next gate
     * waits for it.
     */
    private static Optional<Closed> everyMemberIsKnown(Situation situation) {
        return situation.counted().stream()
                .filter(Member::isUnknown)
                .filter(member -> member.instance()
                        .filter(instance -> instance.phase() == Phase.TERMINATING)
                        .isEmpty())
                .findFirst()
                .flatMap(member -> UnavailableMember.of(situation, member));
    }

    /**
     * Rules 2, 5 and 6: no member is down, terminating or syncing; a member that is not back by its deadline stalls the
     * ensemble. While there is no leader, a member that looks for a leader may only lack the members that do not run,
     * so these are reported before it.
     */
    private static Optional<Closed> everyMemberServes(Situation situation) {
        boolean noLeader = situation.observed().leader().isEmpty();
        return situation.counted().stream()
                .filter(member -> !member.isHealthy())
                .min(Comparator.comparing(member -> noLeader && member.server().isNotServing()))
                .flatMap(member -> UnavailableMember.of(situation, member));
    }

    /** Rule 2: exactly one leader is seen, and all other members follow it. */
    private static Optional<Closed> allFollowOneLeader(Situation situation) {
        Observed observed = situation.observed();
        long leaders = observed.members().stream().filter(Member::leads).count();
        if (leaders != 1) {
            return Closed.because("expected one leader, found " + leaders);
        }
        Server.Serving leader =
                observed.leader().flatMap(m -> m.server().serving()).orElseThrow();
        long followers = count(situation, Server.Role.FOLLOWER);
        long observers = count(situation, Server.Role.OBSERVER);
        // The leader may count one more observer: a member that is being removed and is not counted here.
        if (leader.syncedFollowers() != followers || leader.syncedObservers() < observers) {
            return Closed.because("the leader reports %d of %d followers and %d of %d observers in sync"
                    .formatted(leader.syncedFollowers(), followers, leader.syncedObservers(), observers));
        }
        return Optional.empty();
    }

    /** Counts followers that vote, and observers; not members that are being removed and still follow. */
    private static long count(Situation situation, Server.Role role) {
        Set<Integer> voters = situation.quorum().map(Quorum::voters).orElse(Set.of());
        return situation.counted().stream()
                .filter(member -> role == Server.Role.OBSERVER || voters.contains(member.id()))
                .filter(member -> member.server().isServingAs(role))
                .count();
    }

    /** Rule 2: every server reports the same configuration. */
    private static Optional<Closed> sameMembership(Situation situation) {
        List<Membership> memberships = situation.counted().stream()
                .flatMap(member -> member.server().serving().stream())
                .map(Server.Serving::membership)
                .distinct()
                .toList();
        return memberships.size() == 1
                ? Optional.empty()
                : Closed.because("the members report " + memberships.size()
                        + " different committed configurations; expected one. Versions: "
                        + memberships.stream()
                                .map(membership -> Long.toHexString(membership.version()))
                                .distinct()
                                .collect(joining(", ")));
    }

    /**
     * Rule 5: each member votes as the committed configuration says; a member that got another role needs some time.
     * The role that a learner reports before it is a member does not matter: in ZooKeeper 3.9.5 it calls itself a
     * follower, without a vote.
     */
    private static Optional<Closed> everyMemberHasItsRole(Situation situation) {
        Optional<Membership> committed = situation.membership();
        return situation.counted().stream()
                .filter(member ->
                        committed.filter(members -> members.has(member.id())).isPresent())
                .filter(member -> member.server()
                        .serving()
                        .filter(s -> votes(committed, member) == (s.role() == Server.Role.OBSERVER))
                        .isPresent())
                .findFirst()
                .flatMap(member -> wrongRole(situation, member, votes(committed, member)));
    }

    private static boolean votes(Optional<Membership> committed, Member member) {
        return committed
                .filter(members -> members.voters().contains(member.id()))
                .isPresent();
    }

    private static Optional<Closed> wrongRole(Situation situation, Member member, boolean votes) {
        String reason = "member " + member.id() + " reports the role "
                + member.server().describe() + "; expected " + (votes ? "a voter" : "an observer")
                + " by the committed configuration";
        RolloutStatus reported = situation.observed().status().rollout();
        boolean sameGate =
                reported != null && Gate.MEMBER_ROLE.toString().equals(reported.gate()) && reported.since() != null;
        Instant since = sameGate ? Instant.parse(reported.since()) : situation.now();
        Instant deadline = since.plus(situation.desired().spec().rollout().progressDeadline());
        return situation.now().isBefore(deadline)
                ? Closed.until(deadline, reason)
                : Closed.stalled(reason + ". The role has not changed within the progress deadline ("
                        + situation
                                .desired()
                                .spec()
                                .rollout()
                                .progressDeadline()
                                .toSeconds()
                        + "s). Restart the server by hand: delete its pod");
    }

    /** Rule 5: the zxid of a member is not behind what it had acknowledged. */
    private static Optional<Closed> noDataIsBehind(Situation situation) {
        if (situation.desired().requests().acceptsLoss(situation.desired().generation())) {
            return Optional.empty();
        }
        for (Member member : situation.counted()) {
            long recorded = acknowledged(situation, member.id());
            long current = member.server().serving().map(Server.Serving::zxid).orElse(Long.MAX_VALUE);
            if (Long.compareUnsigned(current, recorded) < 0) {
                return Closed.stalled(
                        "member %d had zxid 0x%x and now has 0x%x: acknowledged writes are lost. Do not restart"
                                        .formatted(member.id(), recorded, current)
                                + " any member before its data is recovered. If no other copy exists, accept the loss: "
                                + Requests.command(
                                        situation.desired().id(),
                                        "accept-data-loss",
                                        Long.toString(situation.desired().generation())));
            }
        }
        return Optional.empty();
    }

    private static long acknowledged(Situation situation, int member) {
        return situation.observed().status().members().stream()
                .filter(status -> status.id() == member)
                .mapToLong(MemberStatus::zxidOrZero)
                .findFirst()
                .orElse(0);
    }

    /** Rule 5: all of this has held for the settle period. */
    private static Optional<Closed> settled(Situation situation) {
        Duration settle = situation.desired().spec().rollout().settle();
        Instant latest = situation.counted().stream()
                .map(HealthGates::healthySince)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
        Instant settled = latest.equals(Instant.MIN) ? latest : latest.plus(settle);
        return situation.now().isBefore(settled)
                ? Closed.until(
                        settled,
                        "all members healthy since " + latest.truncatedTo(ChronoUnit.SECONDS)
                                + "; waiting for the settle period (" + DurationText.format(settle) + ")")
                : Optional.empty();
    }

    private static Instant healthySince(Member member) {
        Instant ready = member.instance().map(Instance::since).orElse(Instant.MIN);
        Instant serving = member.server().serving().map(Server.Serving::since).orElse(Instant.MIN);
        return ready.isAfter(serving) ? ready : serving;
    }

    /** In a drift conflict, another manager determines the wanted revision, so the rollout must not continue to it. */
    private static Optional<Closed> noDriftConflict(Situation situation) {
        return situation.observed().objects().stream()
                .filter(object -> object.state() == State.DRIFT_CONFLICT)
                .findFirst()
                .flatMap(object -> Closed.stalled(describeConflict(object)));
    }

    private static String describeConflict(ObjectState object) {
        return (object.changedBy().isEmpty() ? "another manager" : object.changedBy())
                + " keeps overwriting " + String.join(", ", object.fields()) + " of " + object.label()
                + "; let one manager own these fields";
    }
}
