package dev.ensembled.reconciler.simulation.check;

import static dev.ensembled.reconciler.simulation.check.Invariants.require;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.simulation.check.ClusterState.MemberState;

/** Checks the deletion of an instance in which no server serves: rules 1, 3 and 7. */
final class ReplacementChecker {
    private final ClusterState state;

    ReplacementChecker(ClusterState state) {
        this.state = state;
    }

    void beforeReplace(int id) {
        MemberState candidate = state.member(id);
        String replacement = "replacement of member " + id;
        require(!state.edited(), replacement + " by a spec that was edited in the store");
        if (candidate.nonCommitting()) {
            requireUnpaused(replacement);
            require(state.othersCanElect(id), replacement + " when the others are not a quorum");
            return;
        }
        // A learner that is not a member has no vote, and the leader does not count it: nothing shows that it serves.
        require(!candidate.serves() || !candidate.inMembership(), replacement + " while it served");
        boolean awaitsPermit = candidate.reportedDisk() != Instance.Disk.FINE && !candidate.inMembership();
        if (!awaitsPermit) {
            require(candidate.outdated(), replacement + ", which is not outdated");
        }
        if (!awaitsPermit && !candidate.neverStarted()) {
            requireUnpaused(replacement);
            requireOthers(replacement, candidate);
        }
    }

    private void requireUnpaused(String replacement) {
        require(!state.pushedSpec().controls().paused(), replacement + " while the rollout is paused");
    }

    private void requireOthers(String replacement, MemberState candidate) {
        boolean late = state.isPastDeadline(candidate);
        for (MemberState other : state.inMembership()) {
            require(
                    other.id() == candidate.id() || other.readable() || other.hasNoProcess() || late,
                    replacement + " when member " + other.id() + " is unknown");
        }
        require(
                !candidate.voter() || state.inMembership().size() == 1 || state.quorumWithout(candidate.id()) || late,
                replacement + " when it may be needed for the next quorum");
    }
}
