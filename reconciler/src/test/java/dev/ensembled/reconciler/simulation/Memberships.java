package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How the membership of the servers changes: as ZooKeeper does it, by the leader, when both quorums take part. */
final class Memberships {
    private final World world;
    private boolean leaderFallsMute;

    Memberships(World world) {
        this.world = world;
    }

    /** What whoever asks for a reconfiguration is told. */
    enum Answer {
        COMMITTED,
        NO_QUORUM,
        ANOTHER_VERSION,
        NO_ANSWER
    }

    static Membership versioned(Membership membership, long version) {
        return Membership.ofMajority(version, membership.voters(), membership.observers());
    }

    static Membership of(int voters, int observers) {
        return Membership.ofMajority(1, ids(1, voters), ids(voters + 1, voters + observers));
    }

    private static Set<Integer> ids(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().collect(Collectors.toSet());
    }

    Answer reconfigure(int asked, Membership from, Membership to) {
        Optional<Node> leader = world.peers.leader();
        boolean answers = leader.filter(node -> node.id == asked)
                .filter(node -> node.readable(world.now()))
                .isPresent();
        if (!answers || !world.peers.commits()) {
            return Answer.NO_ANSWER;
        } else if (world.peers.committed().version() != from.version()) {
            return Answer.ANOTHER_VERSION;
        } else if (!world.peers.isQuorum(to, this::follows)) {
            return Answer.NO_QUORUM;
        }
        world.peers.commit(to);
        if (leaderFallsMute && to.voters().contains(asked)) {
            leaderFallsMute = false;
            leader.orElseThrow().mute = true;
            world.tell("member " + asked + " leads, and commits nothing any more");
            world.peers.leaveMuteLeader();
        }
        return Answer.COMMITTED;
    }

    /** Who observes by now does not count for a new voter. */
    private boolean follows(Node node) {
        return node.inSync(world.now()) && node.role() != Server.Role.OBSERVER;
    }

    /** ZOOKEEPER-4708, at the next reconfiguration. */
    void muteLeaderByTheNext() {
        leaderFallsMute = true;
    }

    /** Somebody else commits the same members anew; one member learns of it late. */
    void renew(Node last, long lag) {
        if (world.peers.commits()) {
            world.peers.commit(world.peers.committed());
            if (last.learnsAt != Node.NEVER && !last.leads) {
                last.learnsAt = world.now() + lag;
            }
        }
    }
}
