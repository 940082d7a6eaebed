package dev.ensembled.reconciler.simulation;

import static dev.ensembled.reconciler.simulation.Rules.require;

import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.simulation.Truth.NodeTruth;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Knows the truth, and what must never be done in it. What others do between the daemon's look and its act is not held
 * against the daemon, so each step is judged by the truth at the moment of the fresh look.
 */
final class Oracle {
    private final World world;
    private final ModelStore store;
    private final History history;
    private final List<Integer> ended = new ArrayList<>();
    private final Map<Integer, Long> acknowledged = new HashMap<>();
    private final Set<Integer> movedToBad = new HashSet<>();
    private Truth look;
    private boolean fresh;
    private String proven = "";
    private String snapshotFor = "";
    private boolean whole;
    /** Who was to be restarted, as planned when the first one was. */
    private List<Integer> planned = List.of();

    Oracle(World world, ModelStore store, History history) {
        this.world = world;
        this.store = store;
        this.history = history;
    }

    void looked(ReadMode how) {
        fresh = how == ReadMode.FRESH;
        if (store.status().equals(EnsembleStatus.empty())) {
            acknowledged.clear();
        }
        if (fresh) {
            look = Truth.of(world, store);
        }
    }

    void provenByAWrite() {
        proven = Truth.of(world, store).proof();
    }

    void snapshotTaken(Step.Snapshot step) {
        snapshotFor = step.version();
    }

    void reconfigured() {
        remember();
    }

    private Rules rules() {
        require(fresh, "a step that may stop a server was decided on a cached look");
        return new Rules(look, acknowledged, proven);
    }

    private MembershipRules membershipRules() {
        return new MembershipRules(look, rules());
    }

    void beforePermit(Step.PermitStart step) {
        membershipRules().beforePermit(step, store.status().memory().bootstrapVoters() != null);
    }

    void beforeReconfigure(Step.Reconfigure step) {
        membershipRules().beforeReconfigure(step);
    }

    void beforeRetire(Step.ScaleDown step) {
        membershipRules().beforeRetire(step);
    }

    void planned(Plan plan) {
        if (ended.isEmpty()) {
            planned = plan.restarts().stream()
                    .map(outdated -> outdated.member().id())
                    .toList();
        }
    }

    /** Before a member that may be serving is asked to leave. */
    void beforeRestart(Step.Restart step) {
        Rules rules = rules();
        NodeTruth candidate = look.node(step.member());
        String what = "a restart of member " + step.member();
        rules.requireConsent(what);
        rules.requireWindow(what);
        rules.requireQuorumWithout(candidate);
        require(look.mayRestart(candidate), what + " that nobody approved");
        boolean onlyUnready = candidate.outdated() && hadItsTime(candidate);
        look.listed().stream()
                .filter(other -> !onlyUnready || other.id() != candidate.id())
                .forEach(other -> requireRecord(what, other));
        if (onlyUnready) {
            rules.requireOthersWhole(what, candidate);
            rules.requireBudgetsBeside(candidate);
            return;
        }
        rules.requireWhole(what);
        rules.requireBudgets();
        if (step.reasons().contains(RestartReason.LEADER_COMMITS_NOTHING)) {
            require(candidate.mute(), what + ", which commits");
        } else {
            require(candidate.outdated(), what + ", which is not outdated");
            // By a revision that refuses the proof, of its own or of the leader: it goes first, unproven.
            boolean refused =
                    !candidate.provable() || look.listed().stream().anyMatch(node -> node.leads() && !node.provable());
            if (!refused) {
                rules.requireSanityTest(what);
                rules.requireOrder(candidate);
            }
            rules.requireSoak(candidate);
            requireSnapshot(candidate);
        }
    }

    /** It serves, and was not found ready for as long as a member may take: no other step would end that. */
    private boolean hadItsTime(NodeTruth candidate) {
        return !candidate.ready() && look.at() - candidate.readySince() >= Pushed.PROGRESS_DEADLINE.toMillis();
    }

    private void requireRecord(String what, NodeTruth other) {
        long recorded = store.status().members().stream()
                .filter(status -> status.id() == other.id())
                .mapToLong(MemberStatus::zxidOrZero)
                .findFirst()
                .orElse(0);
        require(recorded >= other.zxid(), what + " when member " + other.id() + " has more than is on record");
    }

    private void requireSnapshot(NodeTruth candidate) {
        String wanted = look.pushed().template().version();
        boolean first = look.nodes().stream()
                .noneMatch(node -> node.serves() && node.runs().equals(wanted));
        boolean can = look.listed().stream().allMatch(node -> node.runs().startsWith("3.9"));
        require(
                !first || !can || wanted.equals(snapshotFor),
                "an upgrade of member " + candidate.id() + " without a snapshot");
    }

    /** Before an instance in which no server serves is deleted. */
    void beforeReplace(Node node) {
        rules();
        NodeTruth candidate = look.node(node.id);
        String what = "member " + node.id + " was replaced";
        require(!look.edited(), what + " by a spec that was edited in the store");
        if (candidate.mute()) {
            require(!look.pushed().holds().paused(), what + " while the rollout is paused");
            require(look.othersCanElect(node.id), what + ", and the others are no quorum");
            return;
        }
        // A learner that is no member has no vote, and its leader does not count it: nothing shows that it serves.
        require(!candidate.serves() || !candidate.listed(), what + " while it served");
        boolean refused = candidate.refused() != Instance.Disk.FINE && !candidate.listed();
        if (refused || candidate.neverStarted()) {
            require(refused || candidate.outdated(), what + ", and was not outdated");
            return;
        }
        boolean hadItsTime = hadItsTime(candidate);
        require(!look.pushed().holds().paused(), what + " while the rollout is paused");
        require(candidate.outdated(), what + ", and was not outdated");
        for (NodeTruth other : look.listed()) {
            require(
                    other.id() == node.id || other.readable() || other.notRunning() || hadItsTime,
                    what + " when member " + other.id() + " is unknown");
        }
        require(
                !candidate.voter() || look.listed().size() == 1 || look.quorumWithout(node.id) || hadItsTime,
                what + " when the next quorum may have needed it");
    }

    private void remember() {
        look.nodes().stream()
                .filter(NodeTruth::serves)
                .forEach(had -> acknowledged.merge(had.id(), had.zxid(), Math::max));
    }

    private boolean counts(int id) {
        return look.node(id).listed() || look.isWanted(id);
    }

    /** A step of ours has ended this pod. */
    void ended(Node node) {
        // One that has no place yet and was not admitted in time is only begun anew.
        if (look.node(node.id).listed() || node.refused == Instance.Disk.FINE) {
            ended.add(node.id);
        }
        remember();
        movedToBad.removeIf(id -> isFine(world.node(id).template) || !counts(id));
        if (isFine(node.template) && !isFine(store.template())) {
            movedToBad.add(node.id);
        } else {
            movedToBad.remove(node.id);
        }
        boolean lastResort =
                node.refused != Instance.Disk.FINE || look.node(node.id).neverStarted() || !look.quorumWithout(node.id);
        require(
                movedToBad.size() <= 1 || lastResort,
                "members " + movedToBad + " were moved to a bad revision by our hand");
    }

    private static boolean isFine(Template template) {
        return template.good() && template.takesClients();
    }

    /** A server that still fetches is late, and has not failed. */
    void decided(Decision decision) {
        if (decision instanceof Decision.Stalled stalled && stalled.gate() == Gate.MEMBER_NOT_SERVING) {
            require(
                    world.nodes.stream()
                            .filter(node -> node.exists && (node.answers.deniesToAll() || !node.serves(world.now())))
                            .anyMatch(node -> !world.peers.fetchesAll(node)),
                    "who still fetches is called failed: " + stalled.reason());
        }
    }

    /** After everything that happened. */
    void afterEvent() {
        world.peers.wrong().ifPresent(wrong -> {
            throw new Violation(wrong);
        });
        if (history.calm() && world.peers.committed().voters().size() > 2) {
            long up = world.nodes.stream()
                    .filter(node -> world.peers.committed().voters().contains(node.id))
                    .filter(node -> node.mode.compareTo(Node.Mode.LOOKING) >= 0)
                    .count();
            whole |= up == world.peers.committed().voters().size();
            require(!whole || Peers.isMajority(up, world.peers.committed()), "the voters that are up form no quorum");
        }
    }

    /** After a roll or a change of the membership that nobody disturbed. */
    void requirePerfection(int firstLeader) {
        if (history.rolls()) {
            require(ended.equals(planned), "restarted were " + ended + ", and the plan was " + planned);
            require(ended.stream().sorted().toList().equals(everybody()), "restarted were " + ended);
            require(world.peers.elections() == 1, "the leader changed " + world.peers.elections() + " times in a roll");
        } else {
            require(ended.isEmpty(), "a change of the membership restarted " + ended);
            int changes = firstLeader > store.pushed().voters() ? 1 : 0;
            require(
                    world.peers.elections() == changes,
                    "the leader changed " + world.peers.elections() + " times, and " + changes + " was needed");
        }
    }

    private List<Integer> everybody() {
        return world.nodes.stream().map(node -> node.id).toList();
    }
}
