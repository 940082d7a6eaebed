package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reconfiguration as in ZooKeeper: by the leader, with a quorum of the old and of the new membership. */
public final class ModelReconfigurer {
    private final ModelCluster cluster;
    private boolean nonCommittingLeaderArmed;

    public ModelReconfigurer(ModelCluster cluster) {
        this.cluster = cluster;
    }

    /** The response to a request for a reconfiguration. */
    public enum Response {
        COMMITTED,
        NO_QUORUM,
        VERSION_CHANGED,
        NO_RESPONSE
    }

    static Membership versioned(Membership membership, long version) {
        return Membership.ofMajority(version, membership.voters(), membership.observers());
    }

    public static Membership of(int voters, int observers) {
        return Membership.ofMajority(1, ids(1, voters), ids(voters + 1, voters + observers));
    }

    private static Set<Integer> ids(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().collect(Collectors.toSet());
    }

    public Response reconfigure(int target, Membership from, Membership to) {
        Optional<ModelMember> leader = cluster.peers.leader();
        boolean responds = leader.filter(member -> member.id == target)
                .filter(member -> member.readable(cluster.now()))
                .isPresent();
        if (!responds || !cluster.peers.commits()) {
            return Response.NO_RESPONSE;
        } else if (cluster.log.committed().version() != from.version()) {
            return Response.VERSION_CHANGED;
        } else if (!cluster.peers.isQuorum(to, this::follows)) {
            return Response.NO_QUORUM;
        }
        cluster.log.commit(cluster.peers.leader().orElseThrow(), to);
        if (nonCommittingLeaderArmed && to.voters().contains(target)) {
            nonCommittingLeaderArmed = false;
            leader.orElseThrow().nonCommitting = true;
            cluster.trace("member " + target + " leads and commits nothing any more");
            cluster.peers.disconnectOneFollower();
        }
        return Response.COMMITTED;
    }

    /** ZooKeeper does not count observers that are to become voters. */
    private boolean follows(ModelMember member) {
        return member.inSync(cluster.now()) && member.role() != Server.Role.OBSERVER;
    }

    /** The leader stops committing after the next reconfiguration (ZOOKEEPER-4708). */
    void armNonCommittingLeader() {
        nonCommittingLeaderArmed = true;
    }

    /** Another client commits the same members in a new version; one member activates it with a delay. */
    void recommit(ModelMember last, long lag) {
        if (cluster.peers.commits()) {
            cluster.log.commit(cluster.peers.leader().orElseThrow(), cluster.log.committed());
            if (last.activatesMembershipAt != ModelMember.NEVER && !last.leads) {
                last.activatesMembershipAt = cluster.now() + lag;
            }
        }
    }
}
