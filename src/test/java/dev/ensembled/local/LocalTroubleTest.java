package dev.ensembled.local;

import static dev.ensembled.local.LocalEnsemble.ID;
import static dev.ensembled.local.LocalEnsemble.address;
import static dev.ensembled.local.LocalEnsemble.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.cycle.ReconcileCycle.Result;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.stub.RolloutBuilder;
import dev.ensembled.stub.SpecBuilder;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Failures of real servers that serve, or did, and how they are reported. */
@Timeout(150)
class LocalTroubleTest {
    private static final Map<String, String> REFUSING = Map.of(
            "authProvider.1",
            "org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
            "sessionRequireClientSASLAuth",
            "true");

    @TempDir
    Path dir;

    private LocalEnsemble ensemble;

    @BeforeEach
    void open() throws Exception {
        ensemble = new LocalEnsemble(dir);
    }

    @AfterEach
    void endEveryServer() throws Exception {
        ensemble.close();
    }

    private static Desired desired(int voters, String heap, Map<String, String> config) {
        EnsembleSpec spec = SpecBuilder.voters(voters)
                .config(config)
                .jvm(heap)
                .rollout(RolloutBuilder.unsettled().progressDeadline(Duration.ofSeconds(10)))
                .build();
        return Desired.of(ID, spec, 1);
    }

    private static boolean stalledBy(Result result, String gate) {
        return result.stalled() && gate.equals(result.status().rollout().gate());
    }

    private Map<Integer, String> uids(Desired desired) {
        Observed observed = ensemble.observe(desired);
        return Map.of(1, uid(observed, 1), 2, uid(observed, 2), 3, uid(observed, 3));
    }

    private static String uid(Observed observed, int id) {
        return member(observed, id).instance().orElseThrow().uid();
    }

    @Test
    void revisionThatFailsTheSanityTestStallsAndIsReverted() throws Exception {
        // Given ACLs that deny access to all other users, which do not affect the sanity test
        Desired good = desired(3, "128Mi", Map.of());
        ensemble.settle(good);
        Observed settled = ensemble.observe(good);
        ZooKeeper team = client(address(settled, 1).toString());
        team.setACL("/", Collections.singletonList(new ACL(Perms.ALL, new Id("digest", "team:somebody"))), -1);
        team.close();
        Map<Integer, String> before = uids(good);

        // When a push makes servers refuse clients without a kind of authentication that ensembled cannot do
        ensemble.accept(desired(3, "128Mi", REFUSING).spec());
        ensemble.drive(result -> "sanity-test".equals(result.status().rollout().gate()));
        ensemble.platform().close();
        ensemble.reopen();
        Result stalled = ensemble.drive(result -> stalledBy(result, "sanity-test"));

        // Then one server was restarted, and the ensemble stalls by what the next daemon reads from the status
        Map<Integer, String> held = uids(good);
        List<Integer> restarted = held.keySet().stream()
                .filter(id -> !held.get(id).equals(before.get(id)))
                .toList();
        assertThat(restarted).hasSize(1);
        assertThat(stalled.status().rollout().reason())
                .contains("through member " + restarted.get(0), "SESSIONCLOSEDREQUIRESASLAUTH", "push a fix");

        // And a revert restarts that server and no other one
        ensemble.settle(good);
        Map<Integer, String> after = uids(good);
        assertThat(after.keySet().stream().filter(id -> !after.get(id).equals(held.get(id))))
                .containsExactlyElementsOf(restarted);
    }

    @Test
    void serverAtItsConnectionLimitIsNamedWithTheRemedy() throws Exception {
        Desired desired = desired(1, "128Mi", Map.of("maxClientCnxns", "4"));
        ensemble.settle(desired);
        Observed observed = ensemble.observe(desired);
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(new Socket(
                    InetAddress.getLoopbackAddress(), address(observed, 1).port()));
        }

        Result stalled = ensemble.drive(result -> stalledBy(result, "unknown-member"));

        assertThat(stalled.status().rollout().reason())
                .contains("maxClientCnxns (4 per client address", "close connections", "A push does not help")
                .doesNotContain("Push a fix");
        for (Socket client : clients) {
            client.close();
        }
        ensemble.drive(result -> result.decision() instanceof Decision.Done);
    }

    @Test
    void fullHeapIsReportedWithTheFieldToRaise() throws Exception {
        Desired small = desired(1, "24Mi", Map.of());
        ensemble.settle(small);

        Result stalled = fillUntilItStalls(small);

        assertThat(stalled.status().rollout().reason())
                .contains("java.lang.OutOfMemoryError", "heap (24Mi)", "raise spec.jvm.heap");
        assertThat(member(stalled.observed(), 1).instance().map(Instance::problem))
                .contains(Instance.Problem.HEAP_FULL);

        Observed healed = ensemble.settle(desired(1, "160Mi", Map.of()));
        assertThat(member(healed, 1).server()).isInstanceOf(Server.Serving.class);
    }

    /** A write that was too large for the heap may fit when it is read again: then this writes more. */
    private Result fillUntilItStalls(Desired small) throws Exception {
        for (int round = 0; round < 10; round++) {
            fill(address(ensemble.observe(small), 1).toString(), round);
            Result result = ensemble.drive(
                    next -> stalledBy(next, "member-out-of-memory") || next.decision() instanceof Decision.Done);
            if (stalledBy(result, "member-out-of-memory")) {
                return result;
            }
        }
        throw new AssertionError("the server takes whatever is written");
    }

    /** Writes until the server has exited. */
    private void fill(String address, int round) throws Exception {
        ZooKeeper client = client(address);
        int before = ensemble.exits.size();
        try {
            for (int i = 0; i < 2_000 && ensemble.exits.size() == before; i++) {
                client.create(
                        "/ballast-" + round + "-" + i, new byte[500_000], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
        } catch (KeeperException e) {
            assertThat(e.code()).isIn(KeeperException.Code.CONNECTIONLOSS, KeeperException.Code.SESSIONEXPIRED);
        } finally {
            client.close(1_000);
        }
    }

    private static ZooKeeper client(String address) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(address, 10_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
        return client;
    }
}
