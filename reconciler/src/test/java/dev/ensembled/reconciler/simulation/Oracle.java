package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.cycle.Platform.Look;
import dev.ensembled.reconciler.simulation.Truth.NodeTruth;
import dev.ensembled.reconciler.spec.EnsembleStatus.MemberStatus;
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
    private final Map<Integer, Integer> ended = new HashMap<>();
    private final Map<Integer, Long> acknowledged = new HashMap<>();
    private final Set<Integer> movedToBad = new HashSet<>();
    private Truth look;
    private boolean fresh;
    private Set<String> proven = Set.of();
    private boolean whole;

    Oracle(World world, ModelStore store, History history) {
        this.world = world;
        this.store = store;
        this.history = history;
    }

    void looked(Look how) {
        fresh = how == Look.FRESH;
        if (fresh) {
            look = Truth.of(world, store);
        }
    }

    void provenByAWrite() {
        proven = Truth.of(world, store).uids();
    }

    private static void require(boolean property, String violated) {
        if (!property) {
            throw new Violation(violated);
        }
    }

    /** Before a member that may be serving is asked to leave. */
    void beforeRestart(Node node) {
        require(fresh, "a step that may stop a server was decided on a cached look");
        NodeTruth candidate = look.node(node.id);
        require(!look.paused(), "a restart while the rollout is paused");
        require(!look.edited(), "a restart by a spec that was edited in the store");
        require(candidate.outdated(), "a restart of member " + node.id + ", which is not outdated");
        requireQuorum(node.id);
        for (NodeTruth other : look.nodes()) {
            requireWhole(node.id, other);
        }
        requireOneOpinion();
        require(
                look.budgets().stream().allMatch(budget -> budget.current() && budget.disruptionsAllowed() > 0)
                        && look.budgets().size() < 2,
                "an eviction when a budget allowed none");
        require(proven.equals(look.uids()), "a restart before a write proved these instances");
        requireOrder(candidate);
    }

    /** Two of two voters make a quorum, and an ensemble of one has nothing to lose but itself. */
    private void requireQuorum(int candidate) {
        boolean observer = !look.node(candidate).voter();
        require(
                observer || look.voters() == 1 || look.quorumWithout(candidate),
                "a restart of member " + candidate + " when the others form no quorum");
    }

    private void requireWhole(int candidate, NodeTruth other) {
        String both = "a restart of member " + candidate + " when member " + other.id();
        require(other.readable(), both + " is unknown");
        require(other.whole(), both + " is not back");
        require(
                look.at() - other.wholeSince() >= ModelStore.SETTLE.toMillis(),
                both + " has not held its state for the settle time");
        long had = acknowledged.getOrDefault(other.id(), 0L);
        require(other.zxid() >= had, both + " lost acknowledged writes");
        require(recorded(other.id()) >= other.zxid(), both + " has acknowledged more than is on record");
    }

    private long recorded(int member) {
        return store.status().members().stream()
                .filter(status -> status.id() == member)
                .mapToLong(MemberStatus::zxidOrZero)
                .findFirst()
                .orElse(0);
    }

    private void requireOneOpinion() {
        require(
                look.nodes().stream().map(NodeTruth::configVersion).distinct().count() == 1,
                "a restart when the members go by different configurations");
        require(look.nodes().stream().filter(NodeTruth::leads).count() == 1, "a restart without exactly one leader");
    }

    private void requireOrder(NodeTruth candidate) {
        for (NodeTruth other : look.nodes()) {
            require(
                    !other.outdated() || cost(other) >= cost(candidate),
                    "a restart of member " + candidate.id() + " before member " + other.id());
        }
    }

    private static int cost(NodeTruth node) {
        return node.leads() ? 2 : node.voter() ? 1 : 0;
    }

    /** Before an instance in which no server serves is deleted. */
    void beforeReplace(Node node) {
        require(fresh, "a step that may stop a server was decided on a cached look");
        NodeTruth candidate = look.node(node.id);
        require(!look.edited(), "a replacement by a spec that was edited in the store");
        require(
                candidate.neverStarted() || !look.paused(),
                "member " + node.id + " was replaced while the rollout is paused");
        require(!candidate.serves(), "member " + node.id + " was replaced while it served");
        require(candidate.outdated(), "member " + node.id + " was replaced, and was not outdated");
        for (NodeTruth other : look.nodes()) {
            require(
                    other.id() == node.id || other.readable() || other.notRunning(),
                    "member " + node.id + " was replaced when member " + other.id() + " is unknown");
        }
        require(
                candidate.neverStarted()
                        || !candidate.voter()
                        || look.nodes().size() == 1
                        || look.quorumWithout(node.id)
                        || look.at() - candidate.notReadySince() >= ModelStore.MEMBER_TIMEOUT.toMillis(),
                "member " + node.id + " was replaced when the next quorum may have needed it");
    }

    /** A step of ours has ended this pod. */
    void ended(Node node) {
        ended.merge(node.id, 1, Integer::sum);
        look.nodes().stream()
                .filter(NodeTruth::serves)
                .forEach(had -> acknowledged.merge(had.id(), had.zxid(), Math::max));
        movedToBad.removeIf(id -> world.node(id).template.good());
        if (node.template.good() && !store.template().good()) {
            movedToBad.add(node.id);
        } else {
            movedToBad.remove(node.id);
        }
        boolean lastResort = look.node(node.id).neverStarted() || !look.quorumWithout(node.id);
        require(
                movedToBad.size() <= 1 || lastResort,
                "members " + movedToBad + " were moved to a bad revision by our hand");
    }

    /** After everything that happened. */
    void afterEvent() {
        require(history.has(Incident.Kind.LOSE_DATA) || !world.peers.lost(), "an acknowledged write is lost");
        if (history.calm()) {
            long up = world.nodes.stream()
                    .filter(node -> node.voter && node.mode.compareTo(Node.Mode.LOOKING) >= 0)
                    .count();
            whole |= up == history.voters();
            require(!whole || history.voters() < 3 || world.peers.quorum(up), "the voters that are up form no quorum");
        }
    }

    /** After a roll that nobody disturbed. */
    void requirePerfectRoll() {
        boolean rolls = history.incidents().stream().anyMatch(incident -> incident.is(Incident.Cause.PUSH));
        List<Integer> members = world.nodes.stream().map(node -> node.id).toList();
        for (int member : members) {
            int times = ended.getOrDefault(member, 0);
            require(times == (rolls ? 1 : 0), "member " + member + " was restarted " + times + " times");
        }
        require(
                world.peers.elections() == (rolls ? 1 : 0),
                "the leader changed " + world.peers.elections() + " times in one roll");
    }
}
