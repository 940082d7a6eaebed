package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.simulation.Truth.NodeTruth;
import java.util.List;
import java.util.Map;

/** What has to be true before a healthy member is touched, whatever anybody believes. */
final class Rules {
    private final Truth look;
    private final Map<Integer, Long> acknowledged;
    private final String proven;

    /**
     * By one moment.
     *
     * @param acknowledged what each member had at least
     * @param proven what the last successful write stood for
     */
    Rules(Truth look, Map<Integer, Long> acknowledged, String proven) {
        this.look = look;
        this.acknowledged = acknowledged;
        this.proven = proven;
    }

    static void require(boolean property, String violated) {
        if (!property) {
            throw new Violation(violated);
        }
    }

    /** Nobody interferes, and people let it happen. */
    void requireConsent(String what) {
        require(!look.pushed().holds().paused(), what + " while the rollout is paused");
        require(!look.edited(), what + " by a spec that was edited in the store");
    }

    void requireWindow(String what) {
        require(look.windowIsOpen(), what + " outside of the windows");
    }

    /** Every member is there, serves, follows the one leader, and has what it had. */
    void requireWhole(String what) {
        List<NodeTruth> listed = look.listed();
        for (NodeTruth other : listed) {
            requireWhole(what, other);
        }
        require(
                listed.stream().map(NodeTruth::configVersion).distinct().count() == 1,
                what + " when the members go by different configurations");
        require(listed.stream().filter(NodeTruth::leads).count() == 1, what + " without exactly one leader");
    }

    /** One that serves and is not found ready is the only thing that is wrong. */
    void requireOthersWhole(String what, NodeTruth candidate) {
        look.listed().stream()
                .filter(other -> other.id() != candidate.id())
                .forEach(other -> require(other.whole(), what + " when member " + other.id() + " is not back"));
        require(look.listed().stream().filter(NodeTruth::leads).count() == 1, what + " without exactly one leader");
    }

    private void requireWhole(String what, NodeTruth other) {
        String both = what + " when member " + other.id();
        require(other.readable(), both + " is unknown");
        require(other.whole(), both + " is not back");
        require(
                look.at() - other.wholeSince() >= Pushed.SETTLE.toMillis(),
                both + " has not held its state for the settle time");
        require(
                look.lossAccepted() || other.zxid() >= acknowledged.getOrDefault(other.id(), 0L),
                both + " lost acknowledged writes");
    }

    void requireSanityTest(String what) {
        require(proven.equals(look.proof()), what + " before a write proved these instances in this membership");
    }

    void requireBudgets() {
        require(
                look.budgets().stream().allMatch(budget -> budget.current() && budget.disruptionsAllowed() > 0)
                        && look.budgets().size() < 2,
                "an eviction when a budget allowed none");
    }

    /** Of one that is not ready a budget that allows nothing may let go. */
    void requireBudgetsBeside(NodeTruth candidate) {
        require(
                look.budgets().stream().allMatch(Budget::current)
                        && look.budgets().size() < 2
                        && !candidate.ready(),
                "an eviction when a budget allowed none");
    }

    /** Two of two voters make a quorum, and an ensemble of one has nothing to lose but itself. */
    void requireQuorumWithout(NodeTruth candidate) {
        require(
                !candidate.voter() || look.committed().voters().size() == 1 || look.quorumWithout(candidate.id()),
                "a restart of member " + candidate.id() + " when the others form no quorum");
    }

    void requireOrder(NodeTruth candidate) {
        for (NodeTruth other : look.listed()) {
            boolean later = !other.outdated() || !look.isWanted(other.id()) || cost(other) >= cost(candidate);
            require(later, "a restart of member " + candidate.id() + " before member " + other.id());
        }
    }

    private static int cost(NodeTruth node) {
        return node.leads() ? 2 : node.voter() ? 1 : 0;
    }

    /** A member of another version proves itself before the second follows. */
    void requireSoak(NodeTruth candidate) {
        String wanted = look.pushed().template().version();
        List<NodeTruth> ahead = look.listed().stream()
                .filter(node -> node.serves() && node.runs().equals(wanted))
                .toList();
        boolean first = ahead.isEmpty() || candidate.runs().equals(wanted);
        require(
                first || ahead.stream().anyMatch(node -> look.at() - node.readySince() >= Pushed.SOAK.toMillis()),
                "a restart of member " + candidate.id() + " before the first of its new version proved itself");
    }
}
