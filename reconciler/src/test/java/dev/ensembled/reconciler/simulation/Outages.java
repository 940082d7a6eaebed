package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.simulation.Node.Mode;

/** What becomes of servers that nothing runs in any more, or that their peers no longer reach. */
final class Outages {
    private static final long FOLLOWER_NOTICES_MS = 2_000;
    private static final long THAWED_NOTICES_MS = 600;
    private static final long CUT_OFF_AFTER_MS = 600;
    private static final long CUT_OFF_WITHIN_MS = 2_400;
    private final World world;
    private long nextLearnerFor;

    Outages(World world) {
        this.world = world;
    }

    /** It will be cut off when it serves, and is about to be given its place. */
    void cutOffNextLearner(long lasting) {
        nextLearnerFor = lasting;
    }

    /** It has what the leader has by now. */
    void learned(Node node) {
        if (nextLearnerFor > 0 && !world.peers.committed().has(node.id)) {
            node.cutOffAt = world.now() + world.delay("cut off", node, CUT_OFF_AFTER_MS, CUT_OFF_WITHIN_MS);
            node.cutOffFor = nextLearnerFor;
            nextLearnerFor = 0;
        }
    }

    /** Servers that were cut off say that they serve until they notice; then they look for a leader. */
    boolean notice() {
        boolean changed = false;
        for (Node node : world.nodes) {
            cutOff(node);
            if (!node.stale
                    && node.mode == Mode.SERVING
                    && !node.leadsAlone(world.now())
                    && !node.connected(world.now())) {
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

    private void cutOff(Node node) {
        if (world.now() >= node.cutOffAt) {
            node.cutOffAt = Node.NEVER;
            node.partitionedUntil = Math.max(node.partitionedUntil, world.now() + node.cutOffFor);
            world.tell("its peers no longer reach member " + node.id);
        }
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
}
