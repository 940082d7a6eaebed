package dev.ensembled.local;

import static dev.ensembled.local.LocalEnsemble.ID;
import static dev.ensembled.local.LocalEnsemble.address;
import static dev.ensembled.local.LocalEnsemble.desired;
import static dev.ensembled.local.LocalEnsemble.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.local.file.JsonFile;
import dev.ensembled.local.process.ServerDirectory;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Result;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Decision;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that join, leave and change their role while a client writes. */
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
        // Given three servers, and a client that writes through the first one
        Desired three = desired(3, 0, Map.of());
        Observed before = ensemble.settle(three);
        Map<Integer, Long> pids = ensemble.platform().pids(ID);
        try (LoadingClient client = LoadingClient.at(address(before, 1))) {
            // When two more join
            Observed five = ensemble.settle(desired(5, 0, Map.of()));

            // Then all vote, and no server was restarted for it
            assertThat(membership(five).voters()).isEqualTo(Set.of(1, 2, 3, 4, 5));
            assertThat(ensemble.platform().pids(ID)).containsAllEntriesOf(pids).hasSize(5);

            // When they leave again
            Observed threeAgain = ensemble.settle(three);
            assertThat(membership(threeAgain).ids()).isEqualTo(Set.of(1, 2, 3));
            assertThat(ensemble.platform().pids(ID)).isEqualTo(pids);
            assertThat(dir.resolve("servers/streaming/kafka/5/data/version-2")).isDirectory();

            // When they join once more, they do so as new members, and their old data is set aside
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
            // Two observers join
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

            // They leave
            Observed one = ensemble.settle(desired(1, 0, Map.of()));
            assertThat(membership(one).ids()).isEqualTo(Set.of(1));
            assertThat(ensemble.platform().pids(ID)).isEqualTo(pids);
            assertThat(client.lostAt(address(one, 1))).isEmpty();
            assertThat(client.session()).isEqualTo(client.firstSession());
        }
    }

    @Test
    void ensembleRecoversFromItsDataAlone() throws Exception {
        // Given three servers with writes, of which the spec in Git now wants one
        Observed before = ensemble.settle(desired(3, 0, Map.of()));
        try (LoadingClient client = LoadingClient.at(address(before, 1))) {
            while (client.writes() < 50) {
                Thread.sleep(10);
            }
            ensemble.platform().endAll();
            ensemble.platform().close();

            // When the daemon's record is lost
            Files.delete(dir.resolve("servers/streaming/kafka/applied.json"));
            Files.delete(dir.resolve("servers/streaming/kafka/super.json"));
            Files.delete(dir.resolve("store/streaming.kafka.json"));
            ensemble.reopen();

            // Then the ensemble comes back with every write, and follows the spec
            Observed after = ensemble.settle(desired(1, 0, Map.of()));
            assertThat(membership(after).ids()).isEqualTo(Set.of(1));
            assertThat(client.lostAt(address(after, 1))).isEmpty();
        }
    }

    @Test
    void memberThatLostItsDataJoinsAsNewOrStallsWithoutAQuorum() throws Exception {
        // Given three servers with writes, of which one loses its data while it is down
        Desired three = desired(3, 0, Map.of());
        Observed before = ensemble.settle(three);
        try (LoadingClient client = LoadingClient.at(address(before, 1))) {
            ensemble.await(three, observed -> client.writes() > 50);
            ensemble.platform().endAll();
            ensemble.platform().close();
            Path lost = lose(2);
            ensemble.reopen();

            // Then it is removed from the membership, joins as a new member, and no write is lost
            Instance blank = instance(ensemble.observe(three), 2);
            assertThat(blank.phase()).isEqualTo(Phase.CRASHED);
            assertThat(blank.disk()).isEqualTo(Disk.BLANK);
            assertThat(blank.message()).contains("no database in").contains("waiting for its data or a start permit");
            Observed healed = ensemble.settle(three);
            assertThat(membership(healed).voters()).isEqualTo(Set.of(1, 2, 3));
            assertThat(instance(healed, 2).permit()).contains(StartPermit.JOIN);
            assertThat(client.lostAt(address(healed, 2))).isEmpty();

            // When two of three lose their data, no server starts with an empty database
            ensemble.platform().endAll();
            ensemble.platform().close();
            ServerDirectory.delete(lost);
            lose(2);
            lose(3);
            ensemble.reopen();
            Result stalled = ensemble.drive(result -> result.decision() instanceof Decision.Stalled);
            assertThat(stalled.decision()).isInstanceOfSatisfying(Decision.Stalled.class, stall -> {
                assertThat(stall.gate()).hasToString("data-lost");
                assertThat(stall.reason())
                        .contains("member 2 has a blank disk")
                        .contains("1 of 3 voters have their data");
            });
            assertThat(ensemble.platform().pids(ID)).containsOnlyKeys(1);

            // And when the data of one of them is restored, the ensemble continues with every write
            restore(2);
            Observed whole = ensemble.settle(three);
            assertThat(membership(whole).voters()).isEqualTo(Set.of(1, 2, 3));
            assertThat(client.lostAt(address(whole, 3))).isEmpty();
        }
    }

    @Test
    void unreadableDataIsSetAsideWhenTheServerJoinsAgain() throws Exception {
        // Given three servers, of which one finds its snapshots and logs overwritten, and another the disk of the third
        Desired three = desired(3, 0, Map.of());
        ensemble.settle(three);
        ensemble.platform().endAll();
        ensemble.platform().close();
        overwrite(server(2).resolve("data/version-2"), "snapshot.");
        overwrite(server(2).resolve("datalog/version-2"), "log.");
        ensemble.reopen();

        // Then it reports this, and becomes a member again with the data of the others
        Observed observed = ensemble.await(three, now -> instance(now, 2).disk() == Disk.CORRUPT);
        assertThat(instance(observed, 2).message()).contains("ZooKeeper cannot load its data");
        Observed healed = ensemble.settle(three);
        assertThat(membership(healed).voters()).isEqualTo(Set.of(1, 2, 3));
        assertThat(server(2).resolve("data/aside/version-2")).isDirectory();

        // And the same for the data of another server
        ensemble.platform().endAll();
        ensemble.platform().close();
        Files.writeString(server(3).resolve("data/myid"), "7\n");
        ensemble.reopen();
        assertThat(instance(ensemble.observe(three), 3).disk()).isEqualTo(Disk.FOREIGN);
        Observed again = ensemble.settle(three);
        assertThat(membership(again).voters()).isEqualTo(Set.of(1, 2, 3));
        assertThat(Files.readString(server(3).resolve("data/myid"))).isEqualTo("3\n");
    }

    @Test
    void superuserPasswordIsSecretAndRotatedOnRequest() throws Exception {
        ensemble.settle(desired(1, 0, Map.of()));
        Path secret = dir.resolve("servers/streaming/kafka/super.json");
        String first = Files.readString(secret);
        assertThat(Files.getPosixFilePermissions(secret))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

        Observed rotated = ensemble.settle(LocalEnsemble.rotated(1, 0, 1));

        assertThat(Files.readString(secret)).isNotEqualTo(first);
        assertThat(instance(rotated, 1).permit()).isEmpty();
        assertThat(membership(ensemble.settle(LocalEnsemble.rotated(1, 1, 1))).observers())
                .isEqualTo(Set.of(2));
    }

    @Test
    void ensembleOfThePreviousVersionContinuesWithItsData() throws Exception {
        // Given an ensemble with a write, and beside its data only the files of the previous version
        Desired one = desired(1, 0, Map.of());
        Observed before = ensemble.settle(one);
        try (LoadingClient client = LoadingClient.at(address(before, 1))) {
            ensemble.await(one, observed -> client.writes() > 20);
            ensemble.platform().endAll();
            ensemble.platform().close();
            asTheVersionBefore();

            // When this version opens the directory, the server starts by itself
            ensemble.reopen();
            ensemble.await(one, LocalEnsemble::allServe);
            assertThat(Files.readString(server(1).resolve("data/ensembled/ensemble")))
                    .isEqualTo("streaming/kafka\n");

            // And it is restarted only for the super user, keeps every write, and can then grow
            Observed after = ensemble.settle(one);
            assertThat(client.lostAt(address(after, 1))).isEmpty();
            assertThat(membership(ensemble.settle(desired(1, 1, Map.of()))).observers())
                    .isEqualTo(Set.of(2));
        }
    }

    private void asTheVersionBefore() throws IOException {
        Path applied = dir.resolve("servers/streaming/kafka/applied.json");
        ObjectNode content = (ObjectNode) JsonFile.JSON.readTree(Files.readAllBytes(applied));
        content.remove("places");
        ObjectNode target = (ObjectNode) content.get("target");
        target.remove("superDigest");
        target.putArray("members").add(1);
        target.putArray("membership").add("server.1=127.0.0.1:1:2:participant;127.0.0.1:3");
        Files.write(applied, JsonFile.JSON.writeValueAsBytes(content));
        Files.delete(dir.resolve("servers/streaming/kafka/super.json"));
        ServerDirectory.delete(server(1).resolve("data/ensembled"));
        Files.deleteIfExists(server(1).resolve("start-permit.json"));
    }

    private Path server(int id) {
        return dir.resolve("servers/streaming/kafka/" + id);
    }

    private Path lose(int id) throws IOException {
        Path lost = Files.createDirectory(dir.resolve("lost-" + id));
        Files.move(server(id).resolve("data"), lost.resolve("data"));
        Files.move(server(id).resolve("datalog"), lost.resolve("datalog"));
        return lost;
    }

    private void restore(int id) throws IOException {
        for (String directory : List.of("data", "datalog")) {
            ServerDirectory.delete(server(id).resolve(directory));
            Files.move(dir.resolve("lost-" + id).resolve(directory), server(id).resolve(directory));
        }
    }

    private static void overwrite(Path directory, String prefix) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, prefix + "*")) {
            for (Path file : files) {
                Files.writeString(file, "this is no data of ZooKeeper, whatever the name of the file says");
            }
        }
    }

    private static Instance instance(Observed observed, int id) {
        return member(observed, id).instance().orElseThrow();
    }

    private static Membership membership(Observed observed) {
        return observed.leader()
                .map(Member::server)
                .flatMap(server -> server.serving())
                .orElseThrow()
                .membership();
    }
}
