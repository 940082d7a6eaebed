package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.simulation.model.ModelMember.Mode;

/** How servers notice that they, or their peers, are frozen or partitioned. */
final class FailureDetection {
    private static final long DETECTION_MS = 2_000;
    private static final long DETECTION_AFTER_FREEZE_MS = 600;
    private static final long MIN_PARTITION_DELAY_MS = 600;
    private static final long MAX_PARTITION_DELAY_MS = 2_400;
    private final ModelCluster cluster;
    private long learnerPartitionFor;

    FailureDetection(ModelCluster cluster) {
        this.cluster = cluster;
    }

    /** Partitions the next learner when it has synced and is about to become a member. */
    void armLearnerPartition(long duration) {
        learnerPartitionFor = duration;
    }

    /** The member has synced with the leader. */
    void syncCompleted(ModelMember member) {
        if (learnerPartitionFor > 0 && !cluster.log.committed().has(member.id)) {
            member.partitionAt =
                    cluster.now() + cluster.delay("cut off", member, MIN_PARTITION_DELAY_MS, MAX_PARTITION_DELAY_MS);
            member.partitionDuration = learnerPartitionFor;
            learnerPartitionFor = 0;
        }
    }

    /** A server that lost its connections reports that it serves until it notices; then it starts an election. */
    boolean detectFailures() {
        boolean changed = false;
        for (ModelMember member : cluster.members) {
            startPartition(member);
            if (!member.stale
                    && member.mode == Mode.SERVING
                    && !member.leadsAlone(cluster.now())
                    && !member.connected(cluster.now())) {
                member.stale = true;
                member.serverActionAt = Math.max(cluster.now(), member.frozenUntil) + detectionTime(member);
                changed = true;
            } else if (isPartitionedWhileSyncing(member) || hasDetected(member)) {
                member.setMode(Mode.LOOKING, cluster.now());
                changed = true;
            }
        }
        return changed;
    }

    private void startPartition(ModelMember member) {
        if (cluster.now() >= member.partitionAt) {
            member.partitionAt = ModelMember.NEVER;
            member.partitionedUntil = Math.max(member.partitionedUntil, cluster.now() + member.partitionDuration);
            cluster.trace("member " + member.id + " is partitioned from its peers");
        }
    }

    private boolean isPartitionedWhileSyncing(ModelMember member) {
        return member.mode == Mode.SYNCING && !member.connected(cluster.now());
    }

    private boolean hasDetected(ModelMember member) {
        return member.stale && cluster.now() >= member.serverActionAt && !member.frozen(cluster.now());
    }

    private long detectionTime(ModelMember member) {
        return member.frozen(cluster.now()) ? DETECTION_AFTER_FREEZE_MS : DETECTION_MS;
    }
}
