package dev.ensembled.reconciler.simulation.check;

import static dev.ensembled.reconciler.simulation.check.Invariants.require;

import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.simulation.check.ClusterState.MemberState;
import dev.ensembled.reconciler.simulation.model.PushedSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import java.util.List;

/** Checks the eviction of a member that may be serving: rules 2 to 6 and 12. */
final class RestartChecker {
    private final ClusterState state;
    private final Invariants invariants;
    private final EnsembleStatus status;
    private final String snapshotFor;

    /**
     * Creates a checker for one step.
     *
     * @param status the stored status
     * @param snapshotFor the version before whose upgrade the last snapshot was taken
     */
    RestartChecker(ClusterState state, Invariants invariants, EnsembleStatus status, String snapshotFor) {
        this.state = state;
        this.invariants = invariants;
        this.status = status;
        this.snapshotFor = snapshotFor;
    }

    void beforeRestart(Step.Restart step) {
        MemberState candidate = state.member(step.member());
        String restart = "restart of member " + step.member();
        invariants.requireUnpaused(restart);
        invariants.requireWindow(restart);
        invariants.requireQuorumWithout(candidate);
        require(state.mayRestart(candidate), restart + " without approval");
        boolean onlyUnready = candidate.outdated() && state.isPastDeadline(candidate);
        state.inMembership().stream()
                .filter(other -> !onlyUnready || other.id() != candidate.id())
                .forEach(other -> requireRecordedZxid(restart, other));
        if (onlyUnready) {
            invariants.requireOthersHealthy(restart, candidate);
            invariants.requireBudgetsForUnready(candidate);
            return;
        }
        invariants.requireHealthy(restart);
        invariants.requireBudgets();
        if (step.reasons().contains(RestartReason.LEADER_COMMITS_NOTHING)) {
            require(candidate.nonCommitting(), restart + ", a leader that commits");
        } else {
            requireNextOfPlan(restart, candidate);
        }
    }

    private void requireNextOfPlan(String restart, MemberState candidate) {
        require(candidate.outdated(), restart + ", which is not outdated");
        // While a revision refuses the sanity test, its members, or the leader, are restarted first and untested.
        boolean refused = !candidate.passesSanityTest()
                || state.inMembership().stream().anyMatch(member -> member.leads() && !member.passesSanityTest());
        if (!refused) {
            invariants.requireSanityTest(restart);
            requireOrder(restart, candidate);
        }
        requireSoak(restart, candidate);
        requireSnapshot(restart, candidate);
    }

    private void requireRecordedZxid(String restart, MemberState other) {
        long recorded = status.members().stream()
                .filter(member -> member.id() == other.id())
                .mapToLong(MemberStatus::zxidOrZero)
                .findFirst()
                .orElse(0);
        require(recorded >= other.zxid(), restart + " before the zxid of member " + other.id() + " was recorded");
    }

    /** Rule 4. */
    private void requireOrder(String restart, MemberState candidate) {
        for (MemberState other : state.inMembership()) {
            boolean later = !other.outdated() || !state.isWanted(other.id()) || rank(other) >= rank(candidate);
            require(later, restart + " before member " + other.id());
        }
    }

    private static int rank(MemberState member) {
        return member.leads() ? 2 : member.voter() ? 1 : 0;
    }

    /** The first member of another version has served for the soak period before the second one follows. */
    private void requireSoak(String restart, MemberState candidate) {
        String wanted = state.pushedSpec().template().version();
        List<MemberState> ahead = state.inMembership().stream()
                .filter(member -> member.serves() && member.reportedVersion().equals(wanted))
                .toList();
        boolean first = ahead.isEmpty() || candidate.reportedVersion().equals(wanted);
        require(
                first
                        || ahead.stream()
                                .anyMatch(member -> state.at() - member.readySince() >= PushedSpec.SOAK.toMillis()),
                restart + " within the soak period");
    }

    private void requireSnapshot(String restart, MemberState candidate) {
        String wanted = state.pushedSpec().template().version();
        boolean first = state.members().stream()
                .noneMatch(member -> member.serves() && member.reportedVersion().equals(wanted));
        boolean supported = state.inMembership().stream()
                .allMatch(member -> member.reportedVersion().startsWith("3.9"));
        require(
                !first || !supported || wanted.equals(snapshotFor),
                restart + " for an upgrade from " + candidate.reportedVersion() + " without a snapshot");
    }
}
