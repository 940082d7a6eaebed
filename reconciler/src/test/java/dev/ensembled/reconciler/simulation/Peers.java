package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.simulation.Node.Mode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the servers do among each other: elect, sync, follow, and take a client's writes. */
final class Peers {
    private static final long ELECTION_MS = 300;
    private static final long FOLLOWER_NOTICES_MS = 2_000;
    private static final long THAWED_NOTICES_MS = 600;
    private static final int MS_PER_WRITE = 16;
    private final World world;
    private Optional<Node> leader = Optional.empty();
    private long electionAt = Node.NEVER;
    private long epoch = 1;
    private long acknowledged;
    private long committedConfig = 1;
    private int elections;
    private boolean lost;
    private boolean forgotten;

    Peers(World world) {
        this.world = world;
    }

    void startServing() {
        Node first = world.nodes.get(0);
        first.leads = true;
        leader = Optional.of(first);
        acknowledged = 0x1_0000_0000L;
        world.nodes.forEach(node -> node.zxid = acknowledged);
    }

    Optional<Node> leader() {
        return leader;
    }

    int elections() {
        return elections;
    }

    /** Whether an acknowledged write is gone. */
    boolean lost() {
        return lost;
    }

    long acknowledged() {
        return acknowledged;
    }

    boolean quorum(long voters) {
        return voters * 2 > world.nodes.stream().filter(node -> node.voter).count();
    }

    long next() {
        return electionAt > world.now() ? electionAt : Node.NEVER;
    }

    /** A client writes all the time. */
    void write(long millis) {
        if (leader.isEmpty() || !quorum(serving())) {
            return;
        }
        leader.get().zxid += millis / MS_PER_WRITE + 1;
        acknowledged = leader.get().zxid;
        for (Node node : world.nodes) {
            if (node.connected(world.now()) && node.mode == Mode.SERVING) {
                node.zxid = acknowledged;
            }
        }
    }

    private long serving() {
        return world.nodes.stream()
                .filter(node -> node.voter && node.mode == Mode.SERVING && node.connected(world.now()))
                .count();
    }

    void live() {
        boolean again = true;
        while (again) {
            again = depose() || notice() || elect() || sync();
        }
        world.nodes.stream().filter(node -> world.now() >= node.configNext).forEach(node -> {
            node.configVersion = committedConfig;
            node.configNext = Node.NEVER;
        });
    }

    /** A leader that lost its quorum leads no more, whatever it still believes. */
    private boolean depose() {
        if (leader.isEmpty()) {
            return false;
        }
        Node node = leader.get();
        if (node.mode == Mode.SERVING && node.leads && node.connected(world.now()) && hasQuorum()) {
            return false;
        }
        leader = Optional.empty();
        world.tell("member " + node.id + " leads no more");
        for (Node other : world.nodes) {
            if (other.connected(world.now())) {
                other.become(Mode.LOOKING, world.now());
            }
        }
        return true;
    }

    private boolean hasQuorum() {
        return quorum(world.nodes.stream()
                .filter(node -> node.voter && node.connected(world.now()))
                .count());
    }

    /** Servers that were cut off say that they serve until they notice; then they look for a leader. */
    private boolean notice() {
        boolean changed = false;
        for (Node node : world.nodes) {
            if (!node.stale && node.mode == Mode.SERVING && !node.connected(world.now())) {
                node.stale = true;
                node.serverNext = Math.max(world.now(), node.frozenUntil) + noticesAfter(node);
                changed = true;
            } else if (cutOffWhileSyncing(node) || noticed(node)) {
                node.become(Mode.LOOKING, world.now());
                changed = true;
            }
        }
        return changed;
    }

    private boolean cutOffWhileSyncing(Node node) {
        return node.mode == Mode.SYNCING && !node.connected(world.now());
    }

    private boolean noticed(Node node) {
        return node.stale && world.now() >= node.serverNext && !node.frozen(world.now());
    }

    private long noticesAfter(Node node) {
        return node.frozen(world.now()) ? THAWED_NOTICES_MS : FOLLOWER_NOTICES_MS;
    }

    private boolean elect() {
        List<Node> candidates = world.nodes.stream()
                .filter(node -> node.voter && node.electable(world.now()))
                .toList();
        if (leader.isPresent() || !quorum(candidates.size())) {
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
        lead(candidates.stream()
                .max(Comparator.<Node>comparingLong(node -> node.zxid).thenComparingInt(node -> node.id))
                .orElseThrow());
        candidates.stream().filter(node -> !node.leads).forEach(this::startSync);
        return true;
    }

    private void lead(Node node) {
        lost |= node.zxid < acknowledged;
        acknowledged = Math.min(node.zxid, acknowledged);
        elections++;
        node.become(Mode.SERVING, world.now());
        node.leads = true;
        node.zxid = forgotten ? node.zxid : ++epoch << 32;
        node.configVersion = committedConfig;
        leader = Optional.of(node);
        world.tell("member " + node.id + " leads");
    }

    private boolean sync() {
        boolean changed = false;
        for (Node node : world.nodes) {
            if (leader.isPresent() && node.electable(world.now())) {
                startSync(node);
                changed = true;
            } else if (node.mode == Mode.SYNCING && world.now() >= node.serverNext) {
                node.become(Mode.SERVING, world.now());
                node.zxid = leader.orElseThrow().zxid;
                node.configVersion = committedConfig;
                changed = true;
            }
        }
        return changed;
    }

    private void startSync(Node node) {
        node.become(Mode.SYNCING, world.now());
        node.serverNext = world.now() + world.delay("sync", node, 100, 1_200);
    }

    /** The same members, by a new version of the configuration; one member learns of it late. */
    void reconfigure(Node last, long lag) {
        if (leader.isEmpty()) {
            return;
        }
        committedConfig++;
        for (Node node : world.nodes) {
            if (node == last && node != leader.get()) {
                node.configNext = world.now() + lag;
            } else if (node.mode == Mode.SERVING) {
                node.configVersion = committedConfig;
            }
        }
    }

    /** Old backups are restored: every server forgets what was written since. */
    void forget() {
        forgotten = true;
        world.nodes.forEach(node -> node.zxid = Math.min(node.zxid, 0x1_0000_0001L));
    }
}
