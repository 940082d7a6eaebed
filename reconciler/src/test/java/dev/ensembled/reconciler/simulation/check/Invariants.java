package dev.ensembled.reconciler.simulation.check;

import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.simulation.check.ClusterState.MemberState;
import dev.ensembled.reconciler.simulation.model.PushedSpec;
import java.util.List;
import java.util.Map;

/** Invariants that several kinds of steps share, checked on the true state at the time of the fresh observation. */
final class Invariants {
    private final ClusterState state;
    private final Map<Integer, Long> acknowledged;
    private final String testedFingerprint;

    /**
     * Creates the invariants for one state.
     *
     * @param acknowledged the zxid that each member had at least acknowledged
     * @param testedFingerprint the instances and membership for which the last sanity test passed
     */
    Invariants(ClusterState state, Map<Integer, Long> acknowledged, String testedFingerprint) {
        this.state = state;
        this.acknowledged = acknowledged;
        this.testedFingerprint = testedFingerprint;
    }

    static void require(boolean holds, String violation) {
        if (!holds) {
            throw new InvariantViolation(violation);
        }
    }

    /** The rollout is not paused, and the stored spec is the pushed one. */
    void requireUnpaused(String action) {
        require(!state.pushedSpec().controls().paused(), action + " while the rollout is paused");
        require(!state.edited(), action + " by a spec that was edited in the store");
    }

    void requireWindow(String action) {
        require(state.windowIsOpen(), action + " outside the maintenance windows");
    }

    /** Rules 2 and 5: every member is healthy, follows the one leader, and has the data that it acknowledged. */
    void requireHealthy(String action) {
        List<MemberState> inMembership = state.inMembership();
        for (MemberState other : inMembership) {
            requireHealthy(action, other);
        }
        require(
                inMembership.stream().map(MemberState::configVersion).distinct().count() == 1,
                action + " while the members have different config versions");
        require(inMembership.stream().filter(MemberState::leads).count() == 1, action + " without exactly one leader");
    }

    /** All members except the candidate, which serves and is not ready, are healthy. */
    void requireOthersHealthy(String action, MemberState candidate) {
        state.inMembership().stream()
                .filter(other -> other.id() != candidate.id())
                .forEach(other -> require(other.healthy(), action + " when member " + other.id() + " is not healthy"));
        require(
                state.inMembership().stream().filter(MemberState::leads).count() == 1,
                action + " without exactly one leader");
    }

    private void requireHealthy(String action, MemberState other) {
        String prefix = action + " when member " + other.id();
        require(other.readable(), prefix + " is unknown");
        require(other.inRole(), prefix + " does not have the role that the committed configuration gives it");
        require(other.healthy(), prefix + " is not healthy");
        require(
                state.at() - other.healthySince() >= PushedSpec.SETTLE.toMillis(),
                prefix + " has not been healthy for the settle period");
        require(
                state.lossAccepted() || other.zxid() >= acknowledged.getOrDefault(other.id(), 0L),
                prefix + " lost acknowledged writes");
    }

    void requireSanityTest(String action) {
        require(
                testedFingerprint.equals(state.fingerprint()),
                action + " without a sanity test of these instances and this membership");
    }

    void requireBudgets() {
        require(
                state.budgets().stream().allMatch(budget -> budget.current() && budget.disruptionsAllowed() > 0)
                        && state.budgets().size() < 2,
                "eviction although a budget allows no disruption");
    }

    /** An unready pod may be evicted although the budget allows no disruption. */
    void requireBudgetsForUnready(MemberState candidate) {
        require(
                state.budgets().stream().allMatch(Budget::current)
                        && state.budgets().size() < 2
                        && !candidate.ready(),
                "eviction although a budget allows no disruption");
    }

    /** Rule 2; an ensemble with one voter is the exception. */
    void requireQuorumWithout(MemberState candidate) {
        require(
                !candidate.voter() || state.committed().voters().size() == 1 || state.quorumWithout(candidate.id()),
                "restart of member " + candidate.id() + " when the others are not a quorum");
    }
}
