package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance.Phase;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How the world was in truth at one moment, whatever anybody believed. */
record Truth(long at, List<NodeTruth> nodes, List<Budget> budgets, boolean paused, boolean edited) {

    /** The truth about one member. */
    record NodeTruth(
            int id,
            boolean voter,
            boolean leads,
            String uid,
            Phase phase,
            boolean exists,
            boolean serves,
            boolean connected,
            boolean readable,
            boolean ready,
            boolean outdated,
            boolean goodTemplate,
            long wholeSince,
            long notReadySince,
            long zxid,
            long configVersion) {

        boolean whole() {
            return serves && connected && ready && readable && phase == Phase.RUNNING;
        }

        boolean notRunning() {
            return !exists || phase == Phase.PENDING || phase == Phase.CRASHED;
        }

        boolean neverStarted() {
            return exists && phase == Phase.PENDING;
        }
    }

    static Truth of(World world, ModelStore store) {
        long now = world.now();
        Template wanted = store.template();
        List<NodeTruth> nodes = world.nodes.stream()
                .map(node -> new NodeTruth(
                        node.id,
                        node.voter,
                        node.leads && !node.stale,
                        node.uid(),
                        node.phase,
                        node.exists,
                        node.serves(now),
                        node.connected(now),
                        node.readable(now),
                        node.ready,
                        node.exists && !node.template.equals(wanted),
                        node.template.good(),
                        Math.max(node.modeSince, node.readySince),
                        node.ready ? Node.NEVER : node.readySince,
                        node.zxid,
                        node.configVersion))
                .toList();
        return new Truth(now, nodes, world.api.budgets(), store.spec().rollout().paused(), store.edited());
    }

    NodeTruth node(int id) {
        return nodes.get(id - 1);
    }

    Set<String> uids() {
        return nodes.stream().map(NodeTruth::uid).collect(Collectors.toSet());
    }

    long servingVotersWithout(int id) {
        return nodes.stream()
                .filter(node -> node.voter() && node.id() != id && node.serves() && node.connected())
                .count();
    }

    long voters() {
        return nodes.stream().filter(NodeTruth::voter).count();
    }

    boolean quorumWithout(int id) {
        return servingVotersWithout(id) * 2 > voters();
    }
}
