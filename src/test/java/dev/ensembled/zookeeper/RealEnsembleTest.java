package dev.ensembled.zookeeper;

import static dev.ensembled.local.LocalEnsemble.ID;
import static dev.ensembled.local.LocalEnsemble.address;
import static dev.ensembled.local.LocalEnsemble.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensembled.local.LocalEnsemble;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Probe and sanity test on three real servers, in the phases of their lives. */
@Timeout(60)
class RealEnsembleTest {
    @TempDir
    Path dir;

    private final Desired desired = LocalEnsemble.desired(3, 0, Map.of("tickTime", "1000", "syncLimit", "3"));
    private LocalEnsemble ensemble;
    private Observed formed;

    @BeforeEach
    void form() throws Exception {
        ensemble = new LocalEnsemble(dir);
        formed = ensemble.form(desired);
    }

    @AfterEach
    void endEveryServer() throws IOException {
        ensemble.close();
    }

    @Test
    void pausedServerIsUnknownAndTheSanityTestNamesTheFailingHalf() throws Exception {
        // Given a sanity test that passes repeatedly
        int leader = formed.leader().orElseThrow().id();
        int paused = leader % 3 + 1;
        long threads = threadsOfClients();
        assertThat(sanity(leader, paused)).isEqualTo(new Outcome.Applied());
        assertThat(sanity(paused, leader)).isEqualTo(new Outcome.Applied());
        await("no thread of a client is left").atMost(Duration.ofMinutes(1)).until(() -> threadsOfClients() <= threads);

        // When one server is paused
        ensemble.signal("STOP", paused);
        long start = System.nanoTime();
        Observed observed = ensemble.observe(desired);

        // Then it is soon unknown, and the others are not
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        assertThat(member(observed, paused).server()).isInstanceOf(Server.Unknown.class);
        assertThat(observed.members()).filteredOn(Member::serves).hasSize(2);
        start = System.nanoTime();
        Outcome outcome = sanity(leader, paused);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.SanityTestFailed.class, unproven -> {
            assertThat(unproven.half()).isEqualTo(Outcome.Half.READER);
            assertThat(unproven.refused()).isFalse();
            assertThat(unproven.reason())
                    .startsWith("connecting to the reader " + address(formed, paused)
                            + " failed: session not established before the deadline");
        });
        await("no thread of a client is left").atMost(Duration.ofMinutes(1)).until(() -> threadsOfClients() <= threads);
        ensemble.signal("CONT", paused);
    }

    @Test
    void lastServerWithoutAQuorumDoesNotServe() throws Exception {
        // Given that the leader is paused for good
        Member leader = formed.leader().orElseThrow();
        Server.Serving before = leader.server().serving().orElseThrow();
        ensemble.signal("STOP", leader.id());

        // Then another server leads, and reports the time from which it has done so
        Observed after = ensemble.await(
                desired,
                observed ->
                        observed.leader().isPresent() && observed.leader().get().id() != leader.id());
        Server.Serving elected = after.leader().orElseThrow().server().serving().orElseThrow();
        assertThat(elected.role()).isEqualTo(Role.LEADER);
        assertThat(elected.since()).isAfter(before.since());
        assertThat(elected.zxid() >>> 32).isGreaterThan(before.zxid() >>> 32);

        // And when it is paused too, the last one reports that it does not serve
        int last = 6 - leader.id() - after.leader().get().id();
        ensemble.signal("STOP", after.leader().get().id());
        ensemble.await(desired, observed -> member(observed, last).server() instanceof Server.NotServing);
        Outcome outcome = sanity(last, last);
        assertThat(outcome).asString().contains("connecting to the writer " + address(formed, last));
    }

    /** Other tests in this JVM have threads too. */
    private static long threadsOfClients() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("-SendThread(") || name.endsWith("-EventThread"))
                .count();
    }

    private Outcome sanity(int writer, int reader) {
        return new ZooKeeperSanityTest(ensemble.platform()::superPasswords, Duration.ofSeconds(4))
                .writeAndReadBack(ID, address(formed, writer), address(formed, reader));
    }
}
