package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.joining;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.rollout.GateCheck.Closed;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Members that count in the membership and cannot serve in it: members that lost their data (docs/invariants.md, rule
 * 10), and members that are being removed and do not run, or do not serve by their deadline. They are removed when the
 * others are a quorum without them; this does not weaken the quorum, since they cannot vote. A member that is wanted
 * comes back as a learner.
 */
final class DataLoss {
    private DataLoss() {}

    static Optional<Decision> next(Situation situation) {
        Optional<Membership> committed = situation.membership();
        if (committed.isPresent() && situation.observed().leader().isPresent()) {
            for (Member member : situation.observed().members()) {
                if (committed.get().has(member.id()) && cannotServe(situation, member)) {
                    List<GateCheck> gates = gates(member, committed.get());
                    if (GateCheck.firstClosed(gates, situation).isEmpty()) {
                        return Optional.of(remove(situation, member, committed.get()));
                    }
                }
            }
        }
        return unrecoverable(situation);
    }

    /** Why a member that lost its data is not removed from the membership yet; empty if no gate is closed. */
    static Optional<String> removalHeldBecause(Situation situation, Member member) {
        return situation
                .membership()
                .filter(committed -> committed.has(member.id()))
                .flatMap(committed -> gates(member, committed).stream()
                        .flatMap(gate -> gate.check().apply(situation).stream())
                        .map(Closed::reason)
                        .findFirst());
    }

    private static Decision remove(Situation situation, Member member, Membership committed) {
        HostPort leader = situation
                .observed()
                .addressOf(situation.observed().leader().orElseThrow().id());
        String why = member.lostItsData()
                ? "member " + member.id() + " " + describeDisk(member) + ": it has to join again as a new member"
                : "member " + member.id() + " is to leave and is not running";
        return new Decision.Act(
                new Step.Reconfigure(
                        Step.Change.REMOVE, member.id(), committed, committed.without(member.id()), leader),
                why);
    }

    private static boolean cannotServe(Situation situation, Member member) {
        if (member.serves() || member.isUnknown()) {
            return false;
        }
        return member.lostItsData() || (!situation.isWanted(member.id()) && willNotServe(situation, member));
    }

    /**
     * A member that is being removed is not restarted at another revision any more: what keeps it from serving would
     * remain. But while the leader may refuse to remove it, it is restarted as the others are, and the rollout waits
     * for it as long as for them.
     */
    private static boolean willNotServe(Situation situation, Member member) {
        boolean isRestarted = situation.plan().leaderHasOtherCredentials();
        boolean isPastDeadline = member.instance()
                .filter(instance -> instance.phase() == Phase.RUNNING || instance.knownNotRunning())
                .filter(instance -> situation.isPastDeadline(member) && Evidence.isComplete(situation, member))
                .isPresent();
        return isPastDeadline || (doesNotRun(member) && !isRestarted);
    }

    private static boolean doesNotRun(Member member) {
        return member.instance().map(Instance::knownNotRunning).orElse(true);
    }

    private static List<GateCheck> gates(Member member, Membership committed) {
        return List.of(
                new GateCheck(Gate.LOSS_PAUSED, DisruptionGates::notPaused),
                new GateCheck(Gate.LOSS_BLIND, situation -> situation.counted().stream()
                        .filter(other -> other.id() != member.id() && other.isUnknown())
                        .findFirst()
                        .flatMap(other -> Closed.because("member " + other.id() + " cannot be read"))),
                new GateCheck(
                        Gate.LOSS_QUORUM,
                        situation -> quorumBeforeAndAfter(situation, member, committed)
                                ? Optional.empty()
                                : Closed.because("the others are not a quorum without member " + member.id())));
    }

    private static boolean quorumBeforeAndAfter(Situation situation, Member member, Membership committed) {
        Set<Integer> others = new TreeSet<>(situation.servingVoters());
        others.remove(member.id());
        return situation.hasQuorumWithout(member.id())
                && Quorum.of(committed.without(member.id())).isFormedBy(others);
    }

    /**
     * Whether all of these members run, and none finds a leader. Before that, a member that has its data may report, as
     * soon as it serves, that the members without data are not in the membership.
     */
    private static boolean allFindNoLeader(Situation situation, Set<Integer> others) {
        return situation.observed().members().stream()
                .filter(member -> others.contains(member.id()))
                .allMatch(member -> member.server().isNotServing());
    }

    /** When so many members lost their data that the others are no quorum, no step can restore it. */
    private static Optional<Decision> unrecoverable(Situation situation) {
        if (!situation.isBootstrapped()) {
            return Optional.empty();
        }
        Optional<Membership> known = Bootstrap.committed(
                situation.observed().members(), situation.observed().status());
        // Where the membership is not known, every server that has an instance may vote, also a server that the spec
        // now wants as an observer.
        Set<Integer> voters = known.map(Membership::voters).orElseGet(situation.observed()::instances);
        List<Member> lost = situation.observed().members().stream()
                .filter(member -> voters.contains(member.id()) && member.lostItsData())
                .toList();
        Set<Integer> others = new TreeSet<>(voters);
        lost.forEach(member -> others.remove(member.id()));
        Quorum quorum = known.map(Quorum::of).orElseGet(() -> Quorum.ofMajority(voters));
        boolean membershipMayBeReported = known.isEmpty() && !allFindNoLeader(situation, others);
        if (lost.isEmpty() || membershipMayBeReported || quorum.isFormedBy(others)) {
            return Optional.empty();
        }
        return Optional.of(
                new Decision.Stalled(
                        Gate.DATA_LOST,
                        lost.stream()
                                        .map(member -> "member " + member.id() + " " + describeDisk(member))
                                        .collect(joining("; "))
                                + ". " + others.size() + " of " + voters.size()
                                + " voters have their data, which is not a quorum. Restore the volumes of "
                                + (lost.size() == 1 ? "that member" : "these members")
                                + " or their content from a backup; no member is restarted until then"
                                + (known.isPresent()
                                        ? ""
                                        : ". The status is lost too, so the membership is unknown: if the last"
                                                + " change keeps the members that still have data from serving, revert it first")));
    }

    static String describeDisk(Member member) {
        Instance instance = member.instance().orElseThrow();
        String disk =
                switch (instance.disk()) {
                    case BLANK -> "has a blank disk";
                    case FOREIGN -> "has the disk of another server or ensemble";
                    case CORRUPT -> "has a disk that it cannot read";
                    case FINE -> "has its disk";
                };
        return instance.message().isBlank() ? disk : disk + " (" + instance.message() + ")";
    }
}
