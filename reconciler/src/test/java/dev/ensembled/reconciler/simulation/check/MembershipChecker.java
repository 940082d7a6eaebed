package dev.ensembled.reconciler.simulation.check;

import static dev.ensembled.reconciler.simulation.check.Invariants.require;

import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.rollout.Step.Change;
import dev.ensembled.reconciler.simulation.check.ClusterState.MemberState;
import dev.ensembled.reconciler.simulation.model.QuorumPeers;
import java.util.Set;
import java.util.TreeSet;

/** Checks reconfigurations, start permits and scale-downs: rules 1, 8 and 10. */
final class MembershipChecker {
    private final ClusterState state;
    private final Invariants invariants;

    MembershipChecker(ClusterState state, Invariants invariants) {
        this.state = state;
        this.invariants = invariants;
    }

    /** Rule 10: a server may start without data only before the first acknowledged write, or while it is not a member. */
    void beforePermit(Step.PermitStart step, boolean recorded) {
        String action = "start permit " + step.permit() + " for member " + step.member();
        require(!state.edited(), action + " by a spec that was edited in the store");
        if (step.permit() == StartPermit.BOOTSTRAP) {
            require(recorded, action + " before the bootstrap was recorded");
            require(!state.hasServed(), action + " after the ensemble had served");
        } else {
            require(!state.committed().has(step.member()), action + ", which is a member");
            require(state.isWanted(step.member()), action + ", which is not wanted");
        }
    }

    void beforeReconfigure(Step.Reconfigure step) {
        String action = step.change() + " of member " + step.member();
        invariants.requireUnpaused(action);
        require(step.from().version() == state.committed().version(), action + " from a replaced membership");
        require(isOneChange(step), action + " changes more than one member");
        require(state.isQuorum(state.committed(), 0), action + " without a quorum that serves");
        require(state.isQuorum(step.to(), 0), action + " after which no quorum would serve");
        boolean leads = step.member() > 0 && state.member(step.member()).leads();
        require(step.change() != Change.REMOVE || !leads, action + ", which leads");
        if (step.change() == Change.REMOVE && !state.member(step.member()).serves()) {
            beforeRemovalOfLost(action, state.member(step.member()), step.to());
        } else {
            invariants.requireWindow(action);
            invariants.requireHealthy(action);
            invariants.requireSanityTest(action);
            require(isWanted(step), action + ", which the spec does not ask for");
        }
    }

    private static boolean isOneChange(Step.Reconfigure step) {
        Set<Integer> changed = new TreeSet<>();
        for (int id : union(step.from(), step.to())) {
            boolean same =
                    step.from().voters().contains(id) == step.to().voters().contains(id)
                            && step.from().observers().contains(id)
                                    == step.to().observers().contains(id);
            if (!same) {
                changed.add(id);
            }
        }
        return changed.equals(Set.of(step.member()));
    }

    private static Set<Integer> union(Membership from, Membership to) {
        Set<Integer> ids = new TreeSet<>(from.ids());
        ids.addAll(to.ids());
        return ids;
    }

    /** Removal of a member without data, or that is not wanted, when the others are known and a quorum before and after. */
    private void beforeRemovalOfLost(String action, MemberState lost, Membership to) {
        require(!lost.diskUsable() || !state.isWanted(lost.id()), action + ", which is wanted and has its data");
        require(
                state.quorumWithout(lost.id()) && state.isQuorum(to, lost.id()),
                action + " when the others are not a quorum");
        for (MemberState other : state.inMembership()) {
            require(
                    other.id() == lost.id() || other.readable() || other.hasNoProcess(),
                    action + " when member " + other.id() + " is unknown");
        }
    }

    private boolean isWanted(Step.Reconfigure step) {
        int voters = state.pushedSpec().voters();
        int id = step.member();
        boolean handsOff = state.pushedSpec().controls().handOff()
                && state.member(id).leads()
                && state.member(id).outdated();
        return switch (step.change()) {
            case JOIN ->
                // It may have been partitioned a moment ago, which cannot be observed; the quorum does not need it.
                state.isWanted(id) && step.to().voters().contains(id) == id <= voters;
            case PROMOTE -> id <= voters;
            case DEMOTE -> id > voters || handsOff;
            case REMOVE -> !state.isWanted(id) || mustRejoinToVote(id, voters);
            case CHANGE_WEIGHTS -> false;
        };
    }

    /** ZooKeeper counts only followers for a new voter: next to a single voter, an observer leaves and joins as a voter. */
    private boolean mustRejoinToVote(int id, int voters) {
        Membership next = state.committed().with(id, true);
        long following = state.members().stream()
                .filter(member -> member.serves()
                        && member.inSync()
                        && !state.committed().observers().contains(member.id()))
                .filter(member -> next.voters().contains(member.id()))
                .count();
        return id <= voters && state.committed().observers().contains(id) && !QuorumPeers.isMajority(following, next);
    }

    void beforeScaleDown(Step.ScaleDown step) {
        invariants.requireUnpaused("scale-down");
        for (MemberState member : state.members()) {
            require(
                    member.id() <= step.replicas() || !member.inMembership(),
                    "scale-down of member " + member.id() + ", which is a member");
        }
    }
}
