package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.simulation.Node.Mode;

/** What becomes of servers that nothing runs in any more, or that their peers no longer reach. */
final class Outages {
    private static final long FOLLOWER_NOTICES_MS = 2_000;
    private static final long THAWED_NOTICES_MS = 600;
    private final World world;

    Outages(World world) {
        this.world = world;
    }

    /** Servers that were cut off say that they serve until they notice; then they look for a leader. */
    boolean notice() {
        boolean changed = false;
        for (Node node : world.nodes) {
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
