package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How the world was in truth at one moment, whatever anybody believed.
 *
 * @param committed the newest membership that was ever committed
 * @param everServed whether a write was ever acknowledged
 * @param asked whether somebody asked to reconcile now, and that is not done yet
 * @param approved whether somebody approved the restarts for the spec as it is
 */
record Truth(
        long at,
        List<NodeTruth> nodes,
        Membership committed,
        boolean everServed,
        List<Budget> budgets,
        Pushed pushed,
        boolean edited,
        boolean asked,
        boolean approved,
        boolean lossAccepted) {

    /** The truth about one member. */
    record NodeTruth(
            int id,
            boolean listed,
            boolean voter,
            boolean leads,
            boolean mute,
            String uid,
            Phase phase,
            boolean exists,
            boolean serves,
            boolean inSync,
            boolean readable,
            boolean ready,
            boolean outdated,
            String runs,
            long readySince,
            long wholeSince,
            long zxid,
            long configVersion,
            boolean diskUsable,
            Instance.Disk refused,
            Optional<StartPermit> permit,
            boolean provable) {

        boolean whole() {
            return serves && inSync && ready && readable && phase == Phase.RUNNING;
        }

        boolean notRunning() {
            return !exists || phase == Phase.PENDING || phase == Phase.CRASHED;
        }

        boolean neverStarted() {
            return exists && phase == Phase.PENDING;
        }
    }

    static Truth of(World world, ModelStore store) {
        Membership committed = world.peers.committed();
        return new Truth(
                world.now(),
                world.nodes.stream().map(node -> of(world, store, node)).toList(),
                committed,
                world.peers.everServed(),
                world.api.budgets(),
                store.pushed(),
                store.edited(),
                store.requests()
                        .reconcileNow()
                        .filter(request ->
                                !request.equals(store.status().memory().handledRequest()))
                        .isPresent(),
                store.requests()
                        .approval()
                        .filter(Long.toString(store.generation())::equals)
                        .isPresent(),
                store.requests().acceptsLoss(store.generation()));
    }

    private static NodeTruth of(World world, ModelStore store, Node node) {
        long now = world.now();
        Membership committed = world.peers.committed();
        Template wanted = store.template();
        return new NodeTruth(
                node.id,
                committed.has(node.id),
                committed.voters().contains(node.id),
                node.leads && !node.stale,
                node.mute,
                node.uid(),
                node.phase,
                node.exists,
                node.serves(now),
                node.inSync(now),
                node.readable(now),
                node.ready,
                node.exists
                        && (!node.template.equals(wanted)
                                || !node.template.runs().equals(wanted.version())
                                || waitsForAnotherMount(node)),
                node.template.runs(),
                node.readySince,
                Math.max(node.modeSince, node.readySince),
                node.disk.zxid,
                node.told.version(),
                node.disk.isUsable(),
                node.refused,
                node.permit,
                node.template.provable());
    }

    private static boolean waitsForAnotherMount(Node node) {
        return node.instance().filter(node.disk.volume()::needsRestartOf).isPresent();
    }

    NodeTruth node(int id) {
        return nodes.get(id - 1);
    }

    List<NodeTruth> listed() {
        return nodes.stream().filter(NodeTruth::listed).toList();
    }

    /** What a write stands for: these pods, in this membership. */
    String proof() {
        return listed().stream().map(NodeTruth::uid).collect(Collectors.toCollection(TreeSet::new)) + "/"
                + committed.version();
    }

    boolean isWanted(int id) {
        return id <= pushed.voters() + pushed.observers();
    }

    /** Whether those in sync are a quorum of a membership, without a member. */
    boolean isQuorum(Membership membership, int without) {
        return Peers.isMajority(
                nodes.stream()
                        .filter(node -> node.id() != without && node.serves() && node.inSync())
                        .filter(node -> membership.voters().contains(node.id()))
                        .count(),
                membership);
    }

    boolean quorumWithout(int id) {
        return isQuorum(committed, id);
    }

    /** Whether those that run and have their data are a quorum without this one. */
    boolean othersCanElect(int id) {
        long others = nodes.stream()
                .filter(node -> node.id() != id && node.voter() && node.phase() == Phase.RUNNING && node.diskUsable())
                .count();
        return Peers.isMajority(others, committed);
    }

    boolean windowIsOpen() {
        long minute = at / 60_000 % Pushed.WINDOW_EVERY_MINUTES;
        return !pushed.holds().windows() || asked || minute < Pushed.WINDOW_MINUTES;
    }

    boolean mayRestart(NodeTruth candidate) {
        Approval approval = pushed.holds().approval();
        boolean needed = approval == Approval.Always || (approval == Approval.Leader && candidate.leads());
        return !needed || approved;
    }
}
