package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.simulation.Disk.Content;
import dev.ensembled.reconciler.simulation.Incident.Cause;
import java.util.List;

/** Lets incidents happen to the world. */
final class Happenings {
    private static final long BACK_OFF_MS = 3_000;
    private final World world;
    private final ModelStore store;

    Happenings(World world, ModelStore store) {
        this.world = world;
        this.store = store;
    }

    void happen(Incident incident) {
        world.tell(incident.toString());
        if (incident.is(Cause.PUSH)) {
            store.push(incident);
        } else if (!incident.kind().ofMember()) {
            toObjects(incident);
        } else if (!world.nodes.isEmpty()) {
            Node node = world.node(1 + (incident.member() - 1) % world.nodes.size());
            toMember(incident, node, world.now() + incident.lasting());
        }
    }

    private void toMember(Incident incident, Node node, long until) {
        switch (incident.kind()) {
            case KILL_POD -> world.pods.terminate(node);
            case CRASH -> world.pods.crash(node, incident.lasting() / 2);
            case FREEZE -> node.frozenUntil = Math.max(node.frozenUntil, until);
            case UNREADABLE -> node.unreadableUntil = Math.max(node.unreadableUntil, until);
            case DENY -> node.answers.deny(until);
            case DENY_TO_ALL -> denyToAll(node);
            case CONTRADICT -> node.answers.contradict(until);
            case STALE_ROLE -> node.answers.nameStaleRole(until);
            case FAIL_PROBE -> node.answers.failProbe(until);
            case PARTITION -> node.partitionedUntil = hasPeers(node) ? Math.max(node.partitionedUntil, until) : 0;
            case RECONFIG -> world.memberships.renew(node, incident.lasting());
            case NODE_DOWN -> loseNode(node, until);
            case NODE_LOST -> loseNode(node, Node.NEVER);
            case DRAIN -> node.drainUntil = until;
            case LOSE_DISK -> loseDisk(node, Content.NOTHING);
            case SWAP_DISK -> loseDisk(node, Content.OF_ANOTHER);
            case SPOIL_DISK -> {
                node.disk.lose(node.disk.content == Content.NOTHING ? Content.NOTHING : Content.BROKEN);
                world.pods.crash(node, BACK_OFF_MS);
            }
            default -> throw new IllegalArgumentException("nothing of a member: " + incident);
        }
    }

    /** A pod that runs there goes on, and nobody reaches it. */
    private void loseNode(Node node, long until) {
        if (node.exists && node.phase == Phase.RUNNING) {
            node.lostUntil = until;
            node.unreadableUntil = until;
            node.partitionedUntil = until;
            node.setReady(false, world.now());
            node.enter(Phase.UNKNOWN);
            world.api.changed();
        }
    }

    /**
     * On a node that is gone nobody finds the volume either. What the loss of a disk does before anybody has seen that the
     * ensemble is founded is left to decision 0007.
     */
    private void loseDisk(Node node, Content left) {
        if (world.now() >= node.lostUntil && !world.peers.bootstrapping()) {
            node.mode = Node.Mode.OFF;
            node.become(Node.Mode.OFF, world.now());
            node.disk.lose(left);
            world.pods.terminate(node);
        }
    }

    /** Where two do, or the only one, nothing that can be seen distinguishes it from a server that does not serve. */
    private void denyToAll(Node node) {
        if (node.mode == Node.Mode.SERVING
                && hasPeers(node)
                && world.nodes.stream().noneMatch(other -> other.answers.deniesToAll())) {
            node.answers.denyToAll();
        }
    }

    /** The only voter needs nobody. */
    private boolean hasPeers(Node node) {
        return world.peers.committed().voters().stream().anyMatch(other -> other != node.id);
    }

    private void toObjects(Incident incident) {
        switch (incident.kind()) {
            case LOSE_DATA -> {
                world.peers.forget();
                world.nodes.forEach(world.pods::terminate);
            }
            case DELETE_PODS -> world.nodes.forEach(world.pods::terminate);
            case LOSE_DISKS ->
                List.copyOf(world.nodes)
                        .subList(0, Math.min(incident.member(), world.nodes.size()))
                        .forEach(node -> loseDisk(node, Content.NOTHING));
            case LOSE_STATUS -> store.lose(2_000 + incident.lasting());
            case REMAKE -> {
                store.lose(2_000 + incident.lasting());
                world.api.deleteObjects();
            }
            case LOSE_SECRET -> store.loseSecret();
            case MUCH_DATA -> world.peers.grow();
            case FULL_STORAGE -> world.fillStorage();
            case MUTE_LEADER -> world.memberships.muteLeaderByTheNext();
            case CUT_OFF_LEARNER -> world.outages.cutOffNextLearner(incident.lasting());
            case FOREIGN_BUDGET -> world.api.addForeignBudget(incident.lasting());
            case EXHAUSTED_BUDGET -> world.api.exhaustBudget(incident.lasting());
            case DRIFT_SERVICE -> world.api.editService();
            case DRIFT_TEMPLATE -> world.api.editTemplate();
            case DELETE_BUDGET -> world.api.deleteBudget();
            case EDIT_SPEC -> store.edit(incident.lasting());
            case APPROVE -> store.approve();
            case RECONCILE_NOW -> store.reconcileNow();
            case ACCEPT_LOSS -> store.acceptLoss();
            default -> throw new IllegalArgumentException("nothing of an object: " + incident);
        }
    }
}
