package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.simulation.Disk.Content;
import dev.ensembled.reconciler.simulation.Node.Mode;
import java.util.Optional;
import java.util.function.Predicate;

/** What the servers do among each other: elect, sync, follow, and take a client's writes. */
final class Peers {
    private static final long ELECTION_MS = 300;
    private static final long UNSEEN_MS = 1_000;
    private static final int MS_PER_WRITE = 16;
    private static final long TO_FETCH_ALL_MS = 2 * Pushed.PROGRESS_DEADLINE.toMillis();
    private final World world;
    private Optional<Node> leader = Optional.empty();
    private long electionAt = Node.NEVER;
    private long epoch = 1;
    private long acknowledged;
    private long firstLedAt = Node.NEVER;
    private Membership committed = Disk.NOBODY;
    private int elections;
    private Optional<String> wrong = Optional.empty();
    private boolean forgotten;
    private boolean muchData;

    Peers(World world) {
        this.world = world;
    }

    void startServing(Membership membership, Node first) {
        first.leads = true;
        leader = Optional.of(first);
        committed = membership;
        acknowledged = 0x1_0000_0000L;
        firstLedAt = -UNSEEN_MS;
        world.nodes.forEach(node -> node.disk.zxid = acknowledged);
    }

    Optional<Node> leader() {
        return leader;
    }

    /** The newest membership that was ever committed. */
    Membership committed() {
        return committed;
    }

    int elections() {
        return elections;
    }

    /** What the servers must never do: lose a write, elect by a membership that was replaced, begin anew. */
    Optional<String> wrong() {
        return wrong;
    }

    boolean everServed() {
        return acknowledged > 0;
    }

    /** The moment in which nobody may have seen yet that the ensemble is founded. */
    boolean bootstrapping() {
        return firstLedAt != Node.NEVER && world.now() < firstLedAt + UNSEEN_MS;
    }

    boolean commits() {
        return leader.isPresent() && !leader.get().mute && isQuorum(committed, node -> node.inSync(world.now()));
    }

    /** Whether voters of a membership of which something is true are more than half of them. */
    boolean isQuorum(Membership membership, Predicate<Node> counts) {
        int count = 0;
        for (Node node : world.nodes) {
            if (membership.voters().contains(node.id) && counts.test(node)) {
                count++;
            }
        }
        return isMajority(count, membership);
    }

    static boolean isMajority(long voters, Membership membership) {
        return voters * 2 > membership.voters().size();
    }

    long next() {
        return electionAt > world.now() ? electionAt : Node.NEVER;
    }

    /** A client writes all the time. */
    void write(long millis) {
        if (commits()) {
            acknowledge(millis / MS_PER_WRITE + 1);
        }
    }

    private void acknowledge(long writes) {
        leader.orElseThrow().disk.zxid += writes;
        acknowledged = leader.orElseThrow().disk.zxid;
        for (Node node : world.nodes) {
            if (node.inSync(world.now())) {
                node.disk.zxid = acknowledged;
                node.disk.held |= committed.voters().contains(node.id);
            }
        }
    }

    /** A server makes an empty database, and is to vote. */
    void begins(Node node) {
        if (node.disk.held) {
            wrong = Optional.of("member " + node.id + " votes with an empty database, and had acknowledged writes");
        }
    }

    void live() {
        boolean again = true;
        while (again) {
            again = depose() || world.outages.notice() || learn() || elect() || sync();
        }
    }

    /** A leader that lost its quorum or its vote leads no more, whatever it still believes. */
    private boolean depose() {
        if (leader.isEmpty()) {
            return false;
        }
        Node node = leader.get();
        if (node.leadsAlone(world.now()) && committed.voters().contains(node.id)) {
            return !node.connected(world.now()) && lookAgain();
        }
        boolean leads =
                node.leads && node.inSync(world.now()) && committed.voters().contains(node.id);
        if (leads && isQuorum(committed, other -> other.connected(world.now()))) {
            return false;
        }
        leader = Optional.empty();
        world.tell("member " + node.id + " leads no more");
        lookAgain();
        return true;
    }

    /** Those that followed, and are reached, look for a leader. */
    private boolean lookAgain() {
        boolean changed = false;
        for (Node node : world.nodes) {
            if (node.connected(world.now())) {
                node.become(Mode.LOOKING, world.now());
                changed = true;
            }
        }
        return changed;
    }

    /** Who follows goes by a new membership a moment after it was committed; with another role it connects anew. */
    private boolean learn() {
        boolean changed = false;
        for (Node node : world.nodes) {
            if (world.now() >= node.learnsAt) {
                Role before = node.role();
                node.learnsAt = Node.NEVER;
                node.told = node.disk.known;
                if (!node.leads && node.role() != before) {
                    startSync(node, "role");
                }
                changed = true;
            }
        }
        return changed;
    }

    private boolean elect() {
        Node best = leader.isPresent() ? null : best();
        if (best == null || !isQuorum(best.disk.known, node -> node.electable(world.now()))) {
            electionAt = Node.NEVER;
            return false;
        }
        if (electionAt == Node.NEVER) {
            electionAt = world.now() + ELECTION_MS;
        }
        if (world.now() < electionAt) {
            return false;
        }
        electionAt = Node.NEVER;
        lead(best);
        sync();
        return true;
    }

    private Node best() {
        Node best = null;
        for (Node node : world.nodes) {
            if (node.electable(world.now()) && (best == null || node.disk.zxid >= best.disk.zxid)) {
                best = node;
            }
        }
        return best;
    }

    /** The first leader gives the founding membership its version, and may go before anybody else has it. */
    private boolean isReplaced(Membership known) {
        return known.version() < committed.version() && !known.sameAs(committed);
    }

    private void lead(Node node) {
        if (node.disk.zxid < acknowledged && !forgotten) {
            wrong = Optional.of("an acknowledged write is lost");
        } else if (isReplaced(node.disk.known)) {
            wrong = Optional.of("member " + node.id + " was elected by a membership that had been replaced");
        }
        acknowledged = Math.min(node.disk.zxid, acknowledged);
        firstLedAt = Math.min(firstLedAt, world.now());
        elections++;
        node.become(Mode.SERVING, world.now());
        node.leads = true;
        node.disk.zxid = forgotten ? node.disk.zxid : ++epoch << 32;
        if (node.disk.known.version() == 0) {
            node.disk.learn(Memberships.versioned(node.disk.known, epoch << 32));
        }
        committed = node.disk.known;
        node.told = committed;
        leader = Optional.of(node);
        world.tell("member " + node.id + " leads");
    }

    private boolean sync() {
        boolean changed = false;
        for (Node node : world.nodes) {
            boolean led = leader.filter(leading -> leading.connected(world.now()) && !leading.mute)
                    .isPresent();
            if (led && node.looks(world.now())) {
                startSync(node, "sync");
                changed = true;
            } else if (node.mode == Mode.SYNCING && world.now() >= node.serverNext) {
                node.disk.zxid = leader.orElseThrow().disk.zxid;
                node.disk.content = Content.DATA;
                node.disk.learning = false;
                node.disk.learn(committed);
                node.become(Mode.SERVING, world.now());
                world.outages.learned(node);
                changed = true;
            }
        }
        return changed;
    }

    /** In some worlds one sees another membership in that, and looks for the leader of it; its peers stay, and know none. */
    void leaveMuteLeader() {
        if (world.delay("leave", leader.orElseThrow(), 0, 3) > 0) {
            return;
        }
        world.nodes.stream()
                .filter(node -> !node.leads && node.inSync(world.now()))
                .findFirst()
                .ifPresent(node -> node.become(Mode.LOOKING, world.now()));
    }

    private void startSync(Node node, String what) {
        boolean fetchesAll = muchData && !node.disk.isUsable();
        node.become(Mode.SYNCING, world.now());
        node.serverNext = world.now() + world.delay(what, node, 100, 1_200) + (fetchesAll ? TO_FETCH_ALL_MS : 0);
    }

    /** From now on there is so much data that it takes a learner long to fetch it. */
    void grow() {
        muchData = true;
    }

    /** Whether a server fetches for longer than a sync takes. */
    boolean fetchesAll(Node node) {
        return muchData && node.mode == Mode.SYNCING && node.connected(world.now()) && !node.disk.isUsable();
    }

    /** A new membership takes effect: everybody who takes part has it on its disk, and goes by it a moment later. */
    void commit(Membership next) {
        acknowledge(1);
        committed = Memberships.versioned(next, Math.max(acknowledged, committed.version() + 1));
        for (Node node : world.nodes) {
            if (node.inSync(world.now())) {
                node.disk.learn(committed);
                node.learnsAt = node.leads ? world.now() : world.now() + world.delay("learn", node, 5, 300);
            }
        }
    }

    /** Old backups are restored: every server forgets what was written since. */
    void forget() {
        forgotten = true;
        world.nodes.forEach(node -> node.disk.zxid = Math.min(node.disk.zxid, 0x1_0000_0001L));
    }
}
