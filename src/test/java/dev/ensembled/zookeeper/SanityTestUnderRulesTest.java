package dev.ensembled.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Outcome.Half;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.cli.SetQuotaCommand;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sanity test and the probe on real servers whose users and limits allow clients little. */
@Timeout(60)
class SanityTestUnderRulesTest {
    private static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    private static final String ZNODE = "/ensembled/sanity/streaming.kafka";
    private static final Membership ONE = Membership.ofMajority(0, Set.of(1), Set.of());
    private static final List<ACL> OF_A_TEAM =
            Collections.singletonList(new ACL(Perms.ALL, new Id("digest", "team:somebodys-digest")));

    @TempDir
    Path dir;

    private final List<ZooKeeper> clients = new ArrayList<>();
    private RealServers servers;

    @BeforeEach
    void prepare() throws Exception {
        servers = new RealServers(dir);
    }

    @AfterEach
    void endEveryServer() throws InterruptedException {
        for (ZooKeeper client : clients) {
            client.close();
        }
        servers.close();
    }

    @Test
    void sanityTestPassesAnyAclAndClosesItsZnodeToOthers() throws Exception {
        // Given a znode that an earlier version left open, and a team whose ACLs deny access to all others
        servers.found(ONE);
        ZooKeeper team = client(1);
        for (String path : List.of("/ensembled", "/ensembled/sanity", ZNODE)) {
            team.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        for (String path : List.of("/", "/zookeeper")) {
            team.setACL(path, OF_A_TEAM, -1);
        }

        // When the server does not accept the password, the test passes as for any client, and sets no ACL
        assertThat(test(1, 1, "wrong")).isEqualTo(new Outcome.Applied());
        assertThat(team.getACL(ZNODE, null)).isEqualTo(Ids.OPEN_ACL_UNSAFE);

        // Then it passes for the super user, during a rotation too, and other users have no access
        assertThat(test(1, 1, "not-taken-yet", RealServers.PASSWORD)).isEqualTo(new Outcome.Applied());
        assertNobodyElseMayTouchIt(team);
        team.addAuthInfo("digest", "super:guess".getBytes(StandardCharsets.UTF_8));
        assertNobodyElseMayTouchIt(team);
        assertThat(test(1, 1, "wrong")).isInstanceOfSatisfying(Outcome.SanityTestFailed.class, unproven -> {
            assertThat(unproven.half()).isEqualTo(Half.WRITER);
            assertThat(unproven.refused()).isTrue();
            assertThat(unproven.reason())
                    .contains("NOAUTH at " + ZNODE, "does not accept the current password of the super user");
        });
    }

    private static void assertNobodyElseMayTouchIt(ZooKeeper client) {
        assertThatExceptionOfType(KeeperException.NoAuthException.class)
                .isThrownBy(() -> client.setData(ZNODE, new byte[0], -1));
        assertThatExceptionOfType(KeeperException.NoAuthException.class).isThrownBy(() -> client.delete(ZNODE, -1));
        assertThatExceptionOfType(KeeperException.NoAuthException.class)
                .isThrownBy(() -> client.setACL(ZNODE, Ids.OPEN_ACL_UNSAFE, -1));
        assertThatExceptionOfType(KeeperException.NoAuthException.class)
                .isThrownBy(() ->
                        client.create("/ensembled/mine", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
    }

    @Test
    void sanityTestCreatesItsZnodeUnderARestrictedRoot() throws Exception {
        servers.found(ONE);
        ZooKeeper team = client(1);
        team.setACL("/", OF_A_TEAM, -1);

        assertThat(test(1, 1, RealServers.PASSWORD)).isEqualTo(new Outcome.Applied());

        assertNobodyElseMayTouchIt(team);
    }

    @Test
    void readerWithAnotherPasswordPassesAndAWriterFails() throws Exception {
        servers.found(Membership.ofMajority(0, Set.of(1, 2), Set.of()));
        assertThat(test(1, 2, RealServers.PASSWORD)).isEqualTo(new Outcome.Applied());
        Path zooCfg = servers.home(2).resolve("zoo.cfg");
        List<String> others = Files.readAllLines(zooCfg).stream()
                .map(line -> line.replaceFirst("superDigest=.*", "superDigest=super:lost"))
                .toList();
        servers.kill(2);
        Files.write(zooCfg, others);
        servers.run(2);
        servers.await(2, server -> server.serving().isPresent());

        assertThat(test(1, 2, RealServers.PASSWORD)).isEqualTo(new Outcome.Applied());
        assertThat(test(2, 1, RealServers.PASSWORD)).isInstanceOf(Outcome.SanityTestFailed.class);
    }

    @Test
    void requiredDigestLoginIsGiven() throws Exception {
        servers.set("enforce.auth.enabled", "true");
        servers.set("enforce.auth.schemes", "digest");
        servers.found(ONE);

        assertThat(test(1, 1, RealServers.PASSWORD)).isEqualTo(new Outcome.Applied());
    }

    @Test
    void missingLoginIsNamed() throws Exception {
        servers.set("authProvider.1", "org.apache.zookeeper.server.auth.SASLAuthenticationProvider");
        servers.set("sessionRequireClientSASLAuth", "true");
        servers.found(ONE);

        assertThat(test(1, 1, RealServers.PASSWORD))
                .isInstanceOfSatisfying(Outcome.SanityTestFailed.class, unproven -> {
                    assertThat(unproven.refused()).isTrue();
                    assertThat(unproven.reason())
                            .contains("SESSIONCLOSEDREQUIRESASLAUTH", "remove sessionRequireClientSASLAuth");
                });
    }

    @Test
    void quotaThatBlocksTheZnodeIsNamed() throws Exception {
        servers.set("enforceQuota", "true");
        servers.found(ONE);
        assertThat(test(1, 1, RealServers.PASSWORD)).isEqualTo(new Outcome.Applied());
        StatsTrack limit = new StatsTrack();
        limit.setCount(-1);
        limit.setBytes(-1);
        limit.setCountHardLimit(1);
        limit.setByteHardLimit(1);
        ZooKeeper client = client(1);
        SetQuotaCommand.createQuota(client, "/ensembled", limit);

        assertThat(test(1, 1, RealServers.PASSWORD)).isEqualTo(new Outcome.Applied());
        assertThat(new ZooKeeperSanityTest(id -> List.of(RealServers.PASSWORD), Duration.ofSeconds(4))
                        .writeAndReadBack(new EnsembleId("a", "b"), servers.address(1), servers.address(1)))
                .isInstanceOfSatisfying(Outcome.SanityTestFailed.class, unproven -> assertThat(unproven.reason())
                        .contains("QUOTAEXCEEDED", "A quota covers"));
    }

    @Test
    void serverAtItsConnectionLimitRefusesTheProbe() throws Exception {
        servers.set("maxClientCnxns", "3");
        servers.found(ONE);
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                sockets.add(new Socket(
                        InetAddress.getLoopbackAddress(), servers.address(1).port()));
            }
            servers.until(1, server -> server instanceof Server.Unknown unknown && unknown.turnedAway());
            assertThat(test(1, 1, RealServers.PASSWORD))
                    .isInstanceOfSatisfying(Outcome.SanityTestFailed.class, unproven -> {
                        assertThat(unproven.refused()).isFalse();
                        assertThat(unproven.reason()).contains("session not established", "maxClientCnxns", "maxCnxns");
                    });
        } finally {
            for (Socket client : sockets) {
                client.close();
            }
        }
        servers.await(1, server -> server.serving().isPresent());
    }

    private Outcome test(int writer, int reader, String... passwords) {
        return new ZooKeeperSanityTest(id -> List.of(passwords), Duration.ofSeconds(4))
                .writeAndReadBack(ID, servers.address(writer), servers.address(reader));
    }

    private ZooKeeper client(int server) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(servers.address(server).toString(), 10_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        clients.add(client);
        assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
        return client;
    }
}
