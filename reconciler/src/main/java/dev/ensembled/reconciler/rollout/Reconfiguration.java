package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.plan.Plan.OutdatedMember;
import dev.ensembled.reconciler.rollout.Step.Change;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The steps from the committed membership to the wanted one, one member at a time (docs/invariants.md, rule 8). Called
 * only while all members are healthy, so that every member of both memberships serves; and not while the leader may
 * refuse the request because of its credentials, if the restart that repairs this can come first.
 *
 * <ol>
 *   <li>Votes are counted by plain majority again, if groups are no longer wanted.
 *   <li>Learners join, in the role that they are wanted in; voters first.
 *   <li>Observers that are wanted as voters are promoted; if the current voters would be no quorum of the next ones,
 *       the observers are removed and join again as voters.
 *   <li>Voters that are wanted as observers are demoted, then members that are no longer wanted are removed: the
 *       highest id first, and the leader last. The leader is not removed while it leads: it is demoted first, upon
 *       which ZooKeeper hands the leadership to a follower that is in sync.
 *   <li>Groups and weights follow, once the members are the wanted ones.
 * </ol>
 */
final class Reconfiguration {
    private final Situation situation;
    private final Membership committed;
    private final Membership wanted;
    private final int leader;
    private final SyncedFollowers following;

    private Reconfiguration(Situation situation, Membership committed, int leader) {
        this.situation = situation;
        this.committed = committed;
        this.wanted = situation.desired().membership();
        this.leader = leader;
        this.following = new SyncedFollowers(situation, leader);
    }

    /** Returns the next change, or the gate that holds it; empty if the membership is the wanted one. */
    static Optional<Decision> next(Situation situation) {
        Optional<Member> leader = situation.observed().leader();
        Optional<Membership> committed = situation.membership();
        if (leader.isEmpty() || committed.isEmpty() || restartsComeFirst(situation)) {
            return Optional.empty();
        }
        return new Reconfiguration(situation, committed.get(), leader.get().id()).next();
    }

    /**
     * Restarts come first unless they would wait without end: neither of two voters can be restarted, and no member can
     * be while a server that was removed from the membership and is down uses up what the budget allows. Then the
     * leader is asked, since it may know the previous password.
     */
    private static boolean restartsComeFirst(Situation situation) {
        Plan plan = situation.plan();
        return plan.leaderHasOtherCredentials()
                && plan.restarts().stream()
                        .allMatch(outdated -> DisruptionGates.hasQuorumWithout(situation, outdated.member()))
                && situation.observed().members().stream()
                        .allMatch(member -> member.instance().isEmpty() || member.isHealthy());
    }

    /** Makes the leader hand off by becoming an observer; the next reconfiguration makes it a voter again. */
    static Decision handOff(Situation situation, Member leader) {
        Membership committed = situation.membership().orElseThrow();
        return new Reconfiguration(situation, committed, leader.id())
                .gated(Change.DEMOTE, leader.id(), committed.with(leader.id(), false));
    }

    private Optional<Decision> next() {
        return removeGroups()
                .or(() -> join())
                .or(() -> promote())
                .or(() -> demote())
                .or(() -> remove())
                .or(() -> changeWeights());
    }

    private Optional<Decision> removeGroups() {
        return committed.groups().isEmpty() || !wanted.groups().isEmpty()
                ? Optional.empty()
                : Optional.of(gated(Change.CHANGE_WEIGHTS, 0, committed.counting(Map.of(), Map.of())));
    }

    private Optional<Decision> join() {
        return wanted.ids().stream()
                .filter(id -> !committed.has(id))
                .filter(id -> serves(id))
                .min(Comparator.comparing((Integer id) -> !wanted.voters().contains(id))
                        .thenComparing(Comparator.naturalOrder()))
                .map(id -> gated(Change.JOIN, id, grouped(committed.with(id, votes(id)))));
    }

    private Optional<Decision> promote() {
        return committed.observers().stream()
                .sorted()
                .filter(id -> votes(id) && !waitsForItsRestart(id))
                .findFirst()
                .map(id -> promotion(id, grouped(committed.with(id, true))));
    }

    /**
     * ZooKeeper requires that a quorum of the new voters follows before it makes them voters, and an observer does not
     * follow. A server that is no member does, so where this is required, as beside a single voter, the observer is
     * removed first and joins then.
     */
    private Decision promotion(int id, Membership to) {
        return Quorum.of(to).isFormedBy(following.members())
                ? gated(Change.PROMOTE, id, to)
                : gated(Change.REMOVE, id, committed.without(id));
    }

    private Optional<Decision> demote() {
        return leaderLast(committed.voters().stream()
                        .filter(id -> wanted.observers().contains(id)))
                .filter(id -> id != leader || !othersLeave())
                .map(id -> gated(Change.DEMOTE, id, committed.with(id, false)));
    }

    /** The next leader could be a member that has to be removed as well, and the leader would change once more. */
    private boolean othersLeave() {
        return committed.ids().stream().anyMatch(id -> id != leader && !wanted.has(id));
    }

    private Optional<Decision> remove() {
        return leaderLast(committed.ids().stream().filter(id -> !wanted.has(id)))
                .map(id -> id == leader
                        ? gated(Change.DEMOTE, id, committed.with(id, false))
                        : gated(Change.REMOVE, id, committed.without(id)));
    }

    private Optional<Decision> changeWeights() {
        boolean sameMembers = committed.voters().equals(wanted.voters())
                && committed.observers().equals(wanted.observers());
        return !sameMembers || committed.sameAs(wanted)
                ? Optional.empty()
                : Optional.of(gated(Change.CHANGE_WEIGHTS, 0, committed.counting(wanted.groups(), wanted.weights())));
    }

    private Optional<Integer> leaderLast(Stream<Integer> members) {
        return members.min(Comparator.comparing((Integer id) -> id == leader).thenComparing(Comparator.reverseOrder()));
    }

    /** A member that handed off for its restart is restarted before it is promoted again. */
    private boolean waitsForItsRestart(int id) {
        return situation.desired().spec().rollout().handOffLeader()
                && situation.plan().restarts().stream()
                        .map(OutdatedMember::member)
                        .anyMatch(member -> member.id() == id);
    }

    private boolean votes(int id) {
        return wanted.voters().contains(id);
    }

    private boolean serves(int id) {
        return situation.observed().members().stream().anyMatch(member -> member.id() == id && member.serves());
    }

    /** Where votes are counted by groups, every voter has to be in a group. */
    private Membership grouped(Membership next) {
        if (committed.groups().isEmpty()) {
            return next;
        }
        Map<Integer, Integer> groups = new TreeMap<>(wanted.groups());
        groups.putAll(committed.groups());
        Map<Integer, Integer> weights = new TreeMap<>(wanted.weights());
        weights.putAll(committed.weights());
        groups.keySet().retainAll(next.voters());
        weights.keySet().retainAll(next.voters());
        return next.counting(groups, weights);
    }

    private Decision gated(Change change, int member, Membership to) {
        List<GateCheck> gates = List.of(
                new GateCheck(Gate.PAUSED, DisruptionGates::notPaused),
                new GateCheck(Gate.WINDOW, DisruptionGates::windowIsOpen),
                new GateCheck(Gate.RECONFIGURATION_QUORUM, all -> following.wouldBeQuorumOf(to)));
        HostPort address = situation.observed().addressOf(leader);
        return GateCheck.firstClosed(gates, situation)
                .orElseGet(() -> new Decision.Act(
                        new Step.Reconfigure(change, member, committed, to, address), reason(change, member)));
    }

    private String reason(Change change, int member) {
        String counts =
                "the committed configuration has " + counts(committed) + "; the spec asks for " + counts(wanted);
        if (change == Change.CHANGE_WEIGHTS) {
            return "the spec changes groups or weights";
        }
        return change == Change.DEMOTE && member == leader
                ? "it leads, and another voter has to lead before it leaves; " + counts
                : counts;
    }

    private static String counts(Membership membership) {
        return "voters: " + membership.voters().size() + ", observers: "
                + membership.observers().size();
    }
}
