package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Membership;
import java.util.Optional;

/** What the servers have committed and acknowledged, and the invariants that no election may violate: rules 8 and 10. */
public final class CommitLog {
    private static final long FIRST_ZXID = 0x1_0000_0000L;
    private final ModelCluster cluster;
    private Membership committed = Disk.NO_MEMBERS;
    private long epoch = 1;
    private long acknowledged;
    private boolean dataRolledBack;
    private Optional<String> violation = Optional.empty();

    CommitLog(ModelCluster cluster) {
        this.cluster = cluster;
    }

    /** Starts with a write that all servers have. */
    void start(Membership membership) {
        committed = membership;
        acknowledged = FIRST_ZXID;
        cluster.members.forEach(member -> member.disk.zxid = acknowledged);
    }

    /** The newest membership that was ever committed. */
    public Membership committed() {
        return committed;
    }

    /** Whether a write was ever acknowledged. */
    public boolean hasServed() {
        return acknowledged > 0;
    }

    /** A lost write, an election by a replaced membership, or a voter that lost its data; empty if there was none. */
    public Optional<String> violation() {
        return violation;
    }

    /** The leader acknowledges this number of writes, which all servers in sync have. */
    void acknowledge(ModelMember leader, long writes) {
        leader.disk.zxid += writes;
        acknowledged = leader.disk.zxid;
        for (ModelMember member : cluster.members) {
            if (member.inSync(cluster.now())) {
                member.disk.zxid = acknowledged;
                member.disk.hasVoted |= committed.voters().contains(member.id);
            }
        }
    }

    /** Commits a membership: the servers in sync have it on disk, and activate it with a delay. */
    void commit(ModelMember leader, Membership next) {
        acknowledge(leader, 1);
        committed = ModelReconfigurer.versioned(next, Math.max(acknowledged, committed.version() + 1));
        for (ModelMember member : cluster.members) {
            if (member.inSync(cluster.now())) {
                member.disk.writeMembership(committed);
                member.activatesMembershipAt =
                        member.leads ? cluster.now() : cluster.now() + cluster.delay("learn", member, 5, 300);
            }
        }
    }

    /** A new leader starts an epoch with its own data and membership. */
    void startEpoch(ModelMember leader) {
        Disk disk = leader.disk;
        if (disk.zxid < acknowledged && !dataRolledBack) {
            violation = Optional.of("an acknowledged write is lost");
        } else if (isReplaced(disk.membership)) {
            violation = Optional.of("member " + leader.id + " was elected by a replaced membership");
        }
        acknowledged = Math.min(disk.zxid, acknowledged);
        disk.zxid = dataRolledBack ? disk.zxid : ++epoch << 32;
        if (disk.membership.version() == 0) {
            disk.writeMembership(ModelReconfigurer.versioned(disk.membership, epoch << 32));
        }
        committed = disk.membership;
    }

    /**
     * Whether a newer membership was committed. The bootstrap membership without a version is the same as the one to which
     * the first leader gave a version.
     */
    private boolean isReplaced(Membership membership) {
        return membership.version() < committed.version() && !membership.sameAs(committed);
    }

    /** A voter has started with an empty database. */
    void startedWithEmptyDatabase(ModelMember member) {
        if (member.disk.hasVoted) {
            violation = Optional.of(
                    "member " + member.id + " votes with an empty database after it had acknowledged writes");
        }
    }

    /** Restores old backups: every server loses the newer writes. */
    void rollBackData() {
        dataRolledBack = true;
        cluster.members.forEach(member -> member.disk.zxid = Math.min(member.disk.zxid, FIRST_ZXID + 1));
    }
}
