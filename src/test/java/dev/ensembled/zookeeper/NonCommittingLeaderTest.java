package dev.ensembled.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.MembershipText;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * ZOOKEEPER-4708, reproduced: a leader whose own name resolves to another address than when it was started considers
 * itself to be handing off as soon as a reconfiguration names all members, and commits nothing any more. Its followers
 * see the same members as before, and keep following.
 */
@Timeout(90)
class NonCommittingLeaderTest {
    private static final Membership THREE = Membership.ofMajority(0, Set.of(1, 2, 3), Set.of());
    private static final EnsembleId ID = new EnsembleId("streaming", "kafka");

    @TempDir
    Path dir;

    private RealServers servers;
    private int leader;
    private int other;

    @BeforeEach
    void found() throws Exception {
        servers = new RealServers(dir);
        servers.found(THREE);
        leader = servers.leader();
        other = leader == 1 ? 2 : 1;
    }

    @AfterEach
    void endEveryServer() {
        servers.close();
    }

    @Test
    void nonCommittingLeaderIsDetectedByAWriteOnly() throws Exception {
        servers.believesToBeAt(leader, "127.0.0.2");
        reconfigure(new ReconfigRequest.Whole(MembershipText.lines(THREE, servers::endpoint)));

        // By their own reports, all servers are healthy
        Server.Serving leading = servers.serving(leader);
        assertThat(leading.role()).isEqualTo(Role.LEADER);
        assertThat(leading.syncedFollowers()).isEqualTo(2);
        for (int id : THREE.ids()) {
            assertThat(servers.committed(id)).isEqualTo(leading.membership());
        }
        // And no write is answered
        assertThat(write()).isInstanceOf(Outcome.SanityTestFailed.class);
        // And not even the session of that test has moved its zxid, as it would with a leader that only refuses a write
        Server.Serving mute = servers.serving(leader);
        assertThat(mute.zxid()).isEqualTo(mute.configVersion());

        servers.kill(leader);
        servers.run(leader);

        servers.await(leader, server -> server.serving()
                .filter(serving -> serving.role() == Role.FOLLOWER)
                .isPresent());
        assertThat(write()).isEqualTo(new Outcome.Applied());
    }

    /** Why ensembled names only the members that change, where it can. */
    @Test
    void incrementalReconfigurationLeavesANonCommittingLeader() throws Exception {
        servers.believesToBeAt(leader, "127.0.0.2");
        reconfigure(new ReconfigRequest.Incremental(
                List.of(MembershipText.line(other, false, servers.endpoint(other))), List.of()));

        assertThat(write()).isEqualTo(new Outcome.Applied());
    }

    private void reconfigure(ReconfigRequest change) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        try (Session session = Session.open(servers.address(leader), end)) {
            session.authenticate(List.of(RealServers.PASSWORD));
            session.reconfigure(change, servers.committed(leader).version());
        }
    }

    private Outcome write() {
        return new ZooKeeperSanityTest(id -> List.of(RealServers.PASSWORD), Duration.ofSeconds(4))
                .writeAndReadBack(ID, servers.address(leader), servers.address(other));
    }
}
