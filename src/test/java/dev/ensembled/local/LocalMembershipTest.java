package dev.ensembled.local;

import static dev.ensembled.local.LocalEnsemble.ID;
import static dev.ensembled.local.LocalEnsemble.address;
import static dev.ensembled.local.LocalEnsemble.desired;
import static dev.ensembled.local.LocalEnsemble.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that come, go and change their role while a client writes. */
@Timeout(180)
class LocalMembershipTest {
    @TempDir
    Path dir;

    private LocalEnsemble ensemble;

    @BeforeEach
    void open() throws IOException {
        ensemble = new LocalEnsemble(dir);
    }

    @AfterEach
    void endEveryServer() throws IOException {
        ensemble.close();
    }

    @Test
    void scalingKeepsSessionsProcessesAndWrites() throws Exception {
        // Given three servers, and a client that writes at the first one
        Desired three = desired(3, 0, Map.of());
        Observed before = ensemble.settle(three);
        Map<Integer, Long> pids = ensemble.platform().pids(ID);
        try (LoadingClient client = LoadingClient.at(address(before, 1))) {
            // When two more come
            Observed five = ensemble.settle(desired(5, 0, Map.of()));

            // Then all vote, and nobody was restarted for it
            assertThat(membership(five).voters()).isEqualTo(Set.of(1, 2, 3, 4, 5));
            assertThat(ensemble.platform().pids(ID)).containsAllEntriesOf(pids).hasSize(5);

            // When they go again
            Observed threeAgain = ensemble.settle(three);
            assertThat(membership(threeAgain).ids()).isEqualTo(Set.of(1, 2, 3));
            assertThat(ensemble.platform().pids(ID)).isEqualTo(pids);
            assertThat(dir.resolve("servers/streaming/kafka/5/data/version-2")).isDirectory();

            // When they come once more, they join as new, and what they had is put aside
            Observed fiveAgain = ensemble.settle(desired(5, 0, Map.of()));
            assertThat(membership(fiveAgain).voters()).isEqualTo(Set.of(1, 2, 3, 4, 5));
            assertThat(dir.resolve("servers/streaming/kafka/5/data/aside/version-2"))
                    .isDirectory();
            assertThat(client.lostAt(address(fiveAgain, 5))).isEmpty();

            // And when only the first one stays
            Observed one = ensemble.settle(desired(1, 0, Map.of()));
            assertThat(membership(one).ids()).isEqualTo(Set.of(1));
            assertThat(ensemble.platform().pids(ID)).isEqualTo(Map.of(1, pids.get(1)));
            assertThat(client.lostAt(address(one, 1))).isEmpty();
            assertThat(client.session()).isEqualTo(client.firstSession());
            assertThat(client.writes()).isGreaterThan(100);
        }
    }

    @Test
    void observersComeGoAndChangeTheirRole() throws Exception {
        // Given an ensemble of one, and a client that writes
        Observed before = ensemble.settle(desired(1, 0, Map.of()));
        Map<Integer, Long> pids = ensemble.platform().pids(ID);
        try (LoadingClient client = LoadingClient.at(address(before, 1))) {
            // Two observers come
            Observed observed = ensemble.settle(desired(1, 2, Map.of()));
            assertThat(membership(observed).voters()).isEqualTo(Set.of(1));
            assertThat(membership(observed).observers()).isEqualTo(Set.of(2, 3));
            Map<Integer, Long> three = ensemble.platform().pids(ID);

            // They become voters
            Observed voters = ensemble.settle(desired(3, 0, Map.of()));
            assertThat(membership(voters).voters()).isEqualTo(Set.of(1, 2, 3));

            // And observers again
            Observed again = ensemble.settle(desired(1, 2, Map.of()));
            assertThat(membership(again).observers()).isEqualTo(Set.of(2, 3));
            assertThat(member(again, 1).leads()).isTrue();
            assertThat(ensemble.platform().pids(ID)).isEqualTo(three);

            // They go
            Observed one = ensemble.settle(desired(1, 0, Map.of()));
            assertThat(membership(one).ids()).isEqualTo(Set.of(1));
            assertThat(ensemble.platform().pids(ID)).isEqualTo(pids);
            assertThat(client.lostAt(address(one, 1))).isEmpty();
            assertThat(client.session()).isEqualTo(client.firstSession());
        }
    }

    @Test
    void withNothingLeftButTheDataItComesBackAlone() throws Exception {
        // Given three servers with writes, of which the spec in Git knows only one by now
        Observed before = ensemble.settle(desired(3, 0, Map.of()));
        try (LoadingClient client = LoadingClient.at(address(before, 1))) {
            while (client.writes() < 50) {
                Thread.sleep(10);
            }
            ensemble.platform().endAll();
            ensemble.platform().close();

            // When what the daemon had put on record is gone
            Files.delete(dir.resolve("servers/streaming/kafka/applied.json"));
            Files.delete(dir.resolve("servers/streaming/kafka/super.json"));
            Files.delete(dir.resolve("store/streaming.kafka.json"));
            ensemble.reopen();

            // Then it comes back with every write, and follows the spec
            Observed after = ensemble.settle(desired(1, 0, Map.of()));
            assertThat(membership(after).ids()).isEqualTo(Set.of(1));
            assertThat(client.lostAt(address(after, 1))).isEmpty();
        }
    }

    private static Membership membership(Observed look) {
        return look.leader()
                .map(Member::server)
                .flatMap(server -> server.serving())
                .orElseThrow()
                .membership();
    }
}
