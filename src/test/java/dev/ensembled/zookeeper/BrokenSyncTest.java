package dev.ensembled.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server whose synchronization failed and which leads next, as after a full disk: it keeps reporting the mode of that
 * synchronization for as long as it leads.
 */
@Timeout(120)
class BrokenSyncTest {
    private static final Membership THREE = Membership.ofMajority(0, Set.of(1, 2, 3), Set.of());
    private static final String STALE = "zk_peer_state\tleading - broadcast - diff\n";

    @TempDir
    Path dir;

    private RealServers servers;

    @BeforeEach
    void found() throws Exception {
        servers = new RealServers(dir);
        servers.found(THREE);
        letMemberThreeLead();
    }

    /** No write exists yet, so that the highest id is elected if all take part. */
    private void letMemberThreeLead() throws Exception {
        while (servers.leader() != 3) {
            int other = servers.leader();
            servers.kill(other);
            servers.await(3, server -> server.serving()
                    .filter(serving -> serving.role() == Role.LEADER)
                    .isPresent());
            servers.run(other);
            servers.await(other, server -> server.serving().isPresent());
        }
    }

    /**
     * How many synchronizations by a diff the leader has started; the next one starts only after the previous one has
     * failed.
     */
    private long synchronisationsByTheLeader() throws Exception {
        return FourLetterWords.ask(servers.address(3), "mntr", Duration.ofSeconds(2))
                .lines()
                .filter(line -> line.startsWith("zk_diff_count\t"))
                .mapToLong(line -> Long.parseLong(line.substring("zk_diff_count\t".length())))
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void endEveryServer() {
        servers.close();
    }

    @Test
    void leaderWithAStaleSyncModeServesAndIsReady() throws Exception {
        // Given that member 2 cannot store the epoch that it follows, and so never completes its synchronization
        Path inTheWay = servers.data(2).resolve("version-2").resolve("currentEpoch.tmp");
        servers.kill(2);
        Files.createDirectory(inTheWay);
        long before = synchronisationsByTheLeader();
        servers.run(2);
        while (synchronisationsByTheLeader() < before + 2) {
            Thread.sleep(50);
        }

        // When the leader is down for good, and member 2 can be elected
        servers.kill(3);
        try (ServerSocket occupied =
                new ServerSocket(servers.endpoint(3).quorumPort(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(occupied.isBound()).isTrue();
            Files.delete(inTheWay);
            Server.Serving leader = servers.await(2, server -> server.serving().isPresent());

            // Then it leads, and still reports that synchronization
            assertThat(FourLetterWords.ask(servers.address(2), "mntr", Duration.ofSeconds(2)))
                    .contains(STALE);
            assertThat(leader.role()).isEqualTo(Role.LEADER);
            servers.await(1, server -> server.serving()
                    .filter(serving -> serving.role() == Role.FOLLOWER)
                    .isPresent());
            servers.await(2, server -> server.serving()
                    .filter(serving -> serving.syncedFollowers() == 1)
                    .isPresent());
            assertThat(ReadyScript.saysReady(servers.address(2).port())).isTrue();
        }
    }
}
