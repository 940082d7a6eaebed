package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.simulation.model.Disk.Content;
import dev.ensembled.reconciler.simulation.model.ModelMember.Mode;
import java.util.Optional;

/** How servers synchronize with the leader, and take the role that the membership gives them. */
public final class LearnerSync {
    private static final long SNAPSHOT_TRANSFER_MS = 2 * PushedSpec.PROGRESS_DEADLINE.toMillis();
    private final ModelCluster cluster;
    private boolean largeSnapshot;
    private long keepRoleFor;

    LearnerSync(ModelCluster cluster) {
        this.cluster = cluster;
    }

    /** Starts and completes synchronizations. */
    boolean sync(Optional<ModelMember> leader) {
        boolean accepts = leader.filter(member -> member.connected(cluster.now()) && !member.nonCommitting)
                .isPresent();
        boolean changed = false;
        for (ModelMember member : cluster.members) {
            if (accepts && member.isElecting(cluster.now())) {
                start(member, "sync");
                changed = true;
            } else if (member.mode == Mode.SYNCING && cluster.now() >= member.serverActionAt) {
                complete(member, leader.orElseThrow());
                changed = true;
            }
        }
        return changed;
    }

    private void start(ModelMember member, String purpose) {
        boolean large = largeSnapshot && !member.disk.isUsable();
        member.setMode(Mode.SYNCING, cluster.now());
        member.serverActionAt =
                cluster.now() + cluster.delay(purpose, member, 100, 1_200) + (large ? SNAPSHOT_TRANSFER_MS : 0);
    }

    private void complete(ModelMember member, ModelMember leader) {
        member.disk.zxid = leader.disk.zxid;
        member.disk.content = Content.DATA;
        member.disk.joining = false;
        member.disk.writeMembership(cluster.log.committed());
        member.setMode(Mode.SERVING, cluster.now());
        cluster.failureDetection.syncCompleted(member);
    }

    /** A follower activates a new membership with a delay; if its role changes, it reconnects to the leader. */
    boolean activateMemberships() {
        boolean changed = false;
        for (ModelMember member : cluster.members) {
            if (cluster.now() >= member.activatesMembershipAt) {
                Role before = member.role();
                member.activatesMembershipAt = ModelMember.NEVER;
                member.activeMembership = member.disk.membership;
                if (!member.leads && member.role() != before) {
                    changeRole(member, before);
                }
                changed = true;
            }
        }
        return changed;
    }

    private void changeRole(ModelMember member, Role before) {
        if (keepRoleFor > 0 && member.activeMembership.has(member.id)) {
            member.keepRole(before, cluster.now() + keepRoleFor);
            keepRoleFor = 0;
            cluster.trace("member " + member.id + " keeps the role " + before);
        } else {
            start(member, "role");
        }
    }

    /** Servers that kept their former role take the new one. */
    boolean endKeptRoles() {
        boolean changed = false;
        for (ModelMember member : cluster.members) {
            if (cluster.now() >= member.keepsRoleUntil) {
                start(member, "role");
                changed = true;
            }
        }
        return changed;
    }

    /** The next server whose role changes keeps its former role for this time. */
    void armKeptRole(long duration) {
        keepRoleFor = duration;
    }

    /** From now on, a snapshot transfer takes longer than the progress deadline. */
    void growData() {
        largeSnapshot = true;
    }

    /** Whether the server receives a large snapshot. */
    public boolean isTransferringSnapshot(ModelMember member) {
        return largeSnapshot
                && member.mode == Mode.SYNCING
                && member.connected(cluster.now())
                && !member.disk.isUsable();
    }
}
