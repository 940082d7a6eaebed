package dev.ensembled.reconciler.simulation;

import static dev.ensembled.reconciler.simulation.Rules.require;

import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.rollout.Step.Change;
import dev.ensembled.reconciler.simulation.Truth.NodeTruth;
import java.util.Set;
import java.util.TreeSet;

/** What has to be true before the membership changes, or somebody is let into it, whatever anybody believes. */
final class MembershipRules {
    private final Truth look;
    private final Rules rules;

    MembershipRules(Truth look, Rules rules) {
        this.look = look;
        this.rules = rules;
    }

    /** A server may begin without data of its own only while nothing was acknowledged, or outside of the membership. */
    void beforePermit(Step.PermitStart step, boolean onRecord) {
        String what = "member " + step.member() + " was admitted to " + step.permit();
        require(!look.edited(), what + " by a spec that was edited in the store");
        if (step.permit() == StartPermit.BOOTSTRAP) {
            require(onRecord, what + ", and that it is founded was not on record");
            require(!look.everServed(), what + ", and the ensemble had served");
        } else {
            require(!look.committed().has(step.member()), what + ", and is in the membership");
            require(look.isWanted(step.member()), what + ", and is not wanted");
        }
    }

    void beforeReconfigure(Step.Reconfigure step) {
        String what = "member " + step.member() + ": " + step.change();
        rules.requireConsent(what);
        require(step.from().version() == look.committed().version(), what + " by a membership that was replaced");
        require(isOneChange(step), what + " is not one change of one member");
        require(look.isQuorum(look.committed(), 0), what + " when no quorum serves");
        require(look.isQuorum(step.to(), 0), what + " after which no quorum would serve");
        boolean leads = step.member() > 0 && look.node(step.member()).leads();
        require(step.change() != Change.REMOVE || !leads, what + " of the leader");
        if (step.change() == Change.REMOVE && !look.node(step.member()).serves()) {
            beforeLoss(what, look.node(step.member()), step.to());
        } else {
            rules.requireWindow(what);
            rules.requireWhole(what);
            rules.requireSanityTest(what);
            require(isWanted(step), what + " is not what the spec asks for");
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

    /** One that is of no use leaves, when the others are known, and a quorum before and after it. */
    private void beforeLoss(String what, NodeTruth lost, Membership to) {
        require(!lost.diskUsable() || !look.isWanted(lost.id()), what + ", which is wanted and has its data");
        require(look.quorumWithout(lost.id()) && look.isQuorum(to, lost.id()), what + " when the others are no quorum");
        for (NodeTruth other : look.listed()) {
            require(
                    other.id() == lost.id() || other.readable() || other.notRunning(),
                    what + " when member " + other.id() + " is unknown");
        }
    }

    private boolean isWanted(Step.Reconfigure step) {
        int voters = look.pushed().voters();
        int id = step.member();
        boolean handsOff = look.pushed().holds().handOff()
                && look.node(id).leads()
                && look.node(id).outdated();
        return switch (step.change()) {
            case JOIN ->
                // Whether it was cut off a moment ago nobody can tell; the quorum does without it.
                look.isWanted(id) && step.to().voters().contains(id) == id <= voters;
            case PROMOTE -> id <= voters;
            case DEMOTE -> id > voters || handsOff;
            case REMOVE -> !look.isWanted(id) || leavesToVote(id, voters);
            case CHANGE_WEIGHTS -> false;
        };
    }

    /** Only who follows counts for a new voter: beside a single voter, an observer has to leave before it joins as one. */
    private boolean leavesToVote(int id, int voters) {
        Membership next = look.committed().with(id, true);
        long following = look.nodes().stream()
                .filter(node -> node.serves()
                        && node.inSync()
                        && !look.committed().observers().contains(node.id()))
                .filter(node -> next.voters().contains(node.id()))
                .count();
        return id <= voters && look.committed().observers().contains(id) && !Peers.isMajority(following, next);
    }

    void beforeRetire(Step.ScaleDown step) {
        rules.requireConsent("places were given up");
        for (NodeTruth node : look.nodes()) {
            require(
                    node.id() <= step.replicas() || !node.listed(),
                    "the place of member " + node.id() + " was given up, which is in the membership");
        }
    }
}
