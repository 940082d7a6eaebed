package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.simulation.history.Event;
import dev.ensembled.reconciler.simulation.history.EventType.Category;
import dev.ensembled.reconciler.simulation.model.Disk.Content;
import java.util.List;

/** Applies the faults of a history to the cluster. */
public final class FaultInjector {
    private static final long BACK_OFF_MS = 3_000;
    private final ModelCluster cluster;
    private final ModelStore store;

    public FaultInjector(ModelCluster cluster, ModelStore store) {
        this.cluster = cluster;
        this.store = store;
    }

    public void inject(Event event) {
        if (event.is(Category.CLUSTER)) {
            injectIntoCluster(event);
        } else if (!cluster.members.isEmpty()) {
            ModelMember member = cluster.member(1 + (event.member() - 1) % cluster.members.size());
            injectIntoMember(event, member, cluster.now() + event.duration());
        }
    }

    private void injectIntoMember(Event event, ModelMember member, long until) {
        switch (event.type()) {
            case DELETE_POD -> cluster.pods.terminate(member);
            case CRASH_CONTAINER -> cluster.pods.crash(member, event.duration() / 2);
            case FREEZE_SERVER -> member.frozenUntil = Math.max(member.frozenUntil, until);
            case DROP_RESPONSES -> member.unreadableUntil = Math.max(member.unreadableUntil, until);
            case REPORT_NOT_SERVING -> member.responses.reportNotServing(until);
            case REPORT_NOT_SERVING_UNTIL_RESTART -> reportNotServingUntilRestart(member);
            case REPORT_CONTRADICTION -> member.responses.contradict(until);
            case REPORT_STALE_ROLE -> member.responses.reportStaleRole(until);
            case FAIL_PROBE -> member.responses.failProbe(until);
            case PARTITION_MEMBER ->
                member.partitionedUntil = hasPeers(member) ? Math.max(member.partitionedUntil, until) : 0;
            case RECONFIGURE_EXTERNALLY -> cluster.reconfigurer.recommit(member, event.duration());
            case TAKE_NODE_DOWN -> takeNodeDown(member, until);
            case LOSE_NODE -> takeNodeDown(member, ModelMember.NEVER);
            case DRAIN_NODE -> member.drainUntil = until;
            case DELETE_VOLUME -> destroyDisk(member, Content.NOTHING);
            case SWAP_VOLUME -> destroyDisk(member, Content.FOREIGN);
            case CORRUPT_DATA -> {
                member.disk.replaceContent(member.disk.content == Content.NOTHING ? Content.NOTHING : Content.CORRUPT);
                cluster.pods.crash(member, BACK_OFF_MS);
            }
            default -> throw new IllegalArgumentException("not a fault of a member: " + event);
        }
    }

    /** A pod that runs there keeps running, and is unreachable. */
    private void takeNodeDown(ModelMember member, long until) {
        if (member.exists && member.phase == Phase.RUNNING) {
            member.nodeDownUntil = until;
            member.unreadableUntil = until;
            member.partitionedUntil = until;
            member.setReady(false, cluster.now());
            member.setPhase(Phase.UNKNOWN);
            cluster.api.changed();
        }
    }

    /**
     * A volume on a node that is down cannot be deleted. Data loss before the bootstrap was observed is out of scope, see
     * decision 0007.
     */
    private void destroyDisk(ModelMember member, Content left) {
        if (cluster.now() >= member.nodeDownUntil && !cluster.peers.bootstrapping()) {
            member.mode = ModelMember.Mode.OFF;
            member.setMode(ModelMember.Mode.OFF, cluster.now());
            member.disk.replaceContent(left);
            cluster.pods.terminate(member);
        }
    }

    /** At most one member, with peers: otherwise nothing distinguishes it from a server that does not serve. */
    private void reportNotServingUntilRestart(ModelMember member) {
        if (member.mode == ModelMember.Mode.SERVING
                && hasPeers(member)
                && cluster.members.stream().noneMatch(other -> other.responses.reportsNotServingUntilRestart())) {
            member.responses.reportNotServingUntilRestart();
        }
    }

    /** A single voter has no peers. */
    private boolean hasPeers(ModelMember member) {
        return cluster.log.committed().voters().stream().anyMatch(other -> other != member.id);
    }

    private void injectIntoCluster(Event event) {
        switch (event.type()) {
            case RESTORE_OLD_BACKUP -> {
                cluster.log.rollBackData();
                cluster.members.forEach(cluster.pods::terminate);
            }
            case DELETE_ALL_PODS -> cluster.members.forEach(cluster.pods::terminate);
            case DELETE_VOLUMES ->
                List.copyOf(cluster.members)
                        .subList(0, Math.min(event.member(), cluster.members.size()))
                        .forEach(member -> destroyDisk(member, Content.NOTHING));
            case RECREATE_RESOURCE -> store.deleteResource(2_000 + event.duration());
            case RECREATE_ALL_OBJECTS -> {
                store.deleteResource(2_000 + event.duration());
                cluster.api.deleteObjects();
            }
            case DELETE_SECRET -> store.deleteSecret();
            case GROW_DATA -> cluster.learners.growData();
            case FILL_STORAGE -> cluster.fillStorage();
            case STOP_LEADER_COMMITS -> cluster.reconfigurer.armNonCommittingLeader();
            case KEEP_ROLE -> cluster.learners.armKeptRole(event.duration());
            case PARTITION_LEARNER -> cluster.failureDetection.armLearnerPartition(event.duration());
            case ADD_FOREIGN_BUDGET -> cluster.api.addForeignBudget(event.duration());
            case EXHAUST_BUDGET -> cluster.api.exhaustBudget(event.duration());
            case EDIT_SERVICE -> cluster.api.editService();
            case EDIT_STATEFUL_SET -> cluster.api.editTemplate();
            case DELETE_BUDGET -> cluster.api.deleteBudget();
            case EDIT_STORED_SPEC -> store.edit(event.duration());
            default -> throw new IllegalArgumentException("not a fault of the cluster: " + event);
        }
    }
}
