package dev.ensembled.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reconfigurations of real servers. */
@Timeout(90)
class ReconfigurerTest {
    private static final Membership THREE = Membership.ofMajority(0, Set.of(1, 2, 3), Set.of());

    @TempDir
    Path dir;

    private final Reconfigurer reconfigurer = new Reconfigurer();
    private RealServers servers;

    @BeforeEach
    void open() throws Exception {
        servers = new RealServers(dir);
    }

    @AfterEach
    void endEveryServer() {
        servers.close();
    }

    @Test
    void blankServerSyncsThenVotesAndARemovedServerHasNoVote() throws Exception {
        // Given three members, and a fourth server that starts without data
        servers.found(THREE);
        int leader = servers.leader();
        servers.startAsLearner(4, servers.committed(leader));

        // Then it synchronizes, follows without a vote, and reports the committed membership, which does not contain it
        Server.Serving learner = servers.await(4, serves(Role.FOLLOWER));
        assertThat(learner.membership()).isEqualTo(servers.committed(leader));
        assertThat(learner.membership().ids()).containsExactly(1, 2, 3);
        assertThat(servers.serving(leader).learners()).isEqualTo(3);
        assertThat(servers.serving(leader).syncedFollowers()).isEqualTo(2);
        assertThat(servers.serving(leader).syncedObservers()).isZero();
        assertThat(learner.dataBytes()).isPositive();

        // When it joins as a voter
        Membership from = servers.committed(leader);
        assertThat(reconfigure(leader, from, from.with(4, true))).isEqualTo(new Outcome.Applied());

        // Then all report that it votes, and it does
        for (int id = 1; id <= 4; id++) {
            servers.await(id, server -> server.serving()
                    .filter(it -> it.membership().sameAs(from.with(4, true)))
                    .isPresent());
        }
        servers.await(4, serves(Role.FOLLOWER));
        Membership four = servers.committed(leader);
        assertThat(four.version()).isGreaterThan(from.version());

        // When a follower is removed, which keeps following
        int removed = leader == 1 ? 2 : 1;
        assertThat(reconfigure(leader, four, four.without(removed))).isEqualTo(new Outcome.Applied());

        // Then the leader does not count it
        Server.Serving after = servers.await(leader, server -> server.serving()
                .filter(it -> it.syncedFollowers() == 2)
                .isPresent());
        assertThat(after.membership().sameAs(four.without(removed))).isTrue();
        assertThat(new ZooKeeperSanityTest(id -> List.of(RealServers.PASSWORD))
                        .writeAndReadBack(
                                new EnsembleId("streaming", "kafka"), servers.address(leader), servers.address(4)))
                .isEqualTo(new Outcome.Applied());

        // And it cannot start again without help, since its own membership does not contain it any more
        servers.kill(removed);
        servers.run(removed);
        assertThat(servers.exitCode(removed)).isEqualTo(1);
    }

    @Test
    void aFollowerIsDemotedAndPromotedAgain() throws Exception {
        servers.found(THREE);
        int leader = servers.leader();
        int other = leader == 1 ? 2 : 1;
        Membership from = servers.committed(leader);

        assertThat(reconfigure(leader, from, from.with(other, false))).isEqualTo(new Outcome.Applied());
        Server.Serving demoted = servers.await(other, serves(Role.OBSERVER));
        assertThat(demoted.membership().observers()).containsExactly(other);

        Membership two = servers.committed(leader);
        assertThat(reconfigure(leader, two, two.with(other, true))).isEqualTo(new Outcome.Applied());
        Server.Serving promoted = servers.await(other, serves(Role.FOLLOWER));
        assertThat(promoted.membership().voters()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(servers.leader()).isEqualTo(leader);
    }

    @Test
    void demotedLeaderHandsOverAndServesAsAnObserver() throws Exception {
        servers.found(THREE);
        int leader = servers.leader();
        Membership from = servers.committed(leader);

        assertThat(reconfigure(leader, from, from.with(leader, false))).isEqualTo(new Outcome.Applied());

        Server.Serving demoted = servers.await(leader, serves(Role.OBSERVER));
        assertThat(demoted.membership().observers()).containsExactly(leader);
        int next = servers.leader();
        assertThat(next).isNotEqualTo(leader);
        assertThat(new ZooKeeperSanityTest(id -> List.of(RealServers.PASSWORD))
                        .writeAndReadBack(
                                new EnsembleId("streaming", "kafka"), servers.address(next), servers.address(leader)))
                .isEqualTo(new Outcome.Applied());
    }

    @Test
    void refusedReconfigurationChangesNothingAndSaysWhatToDo() throws Exception {
        servers.found(THREE);
        int leader = servers.leader();
        int other = leader == 1 ? 2 : 1;
        Membership now = servers.committed(leader);
        Membership wanted = now.without(other);

        // When the membership on which the decision was based is not the committed one any more
        Membership stale = new Membership(now.version() - 1, now.voters(), Set.of(), Map.of(), Map.of());
        assertThat(reconfigure(leader, stale, wanted)).isInstanceOf(Outcome.Stale.class);

        // When no password is accepted
        for (List<String> passwords : List.of(List.of("wrong-one", "wrong-too"), List.<String>of())) {
            assertThat(reconfigurer.reconfigure(servers.address(leader), now, wanted, servers::endpoint, passwords))
                    .isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> {
                        assertThat(blocked.gate()).hasToString("reconfiguration");
                        assertThat(blocked.reason())
                                .contains("does not accept the super user's password", "restart it manually")
                                .doesNotContain("wrong");
                    });
        }

        // When a majority of the new voters is down
        Membership absent = now.with(5, true).with(6, true).with(7, true);
        assertThat(reconfigure(leader, now, absent))
                .isInstanceOfSatisfying(Outcome.Blocked.class, blocked -> assertThat(blocked.reason())
                        .contains("too few voters"));

        // Then nothing has changed; and one correct password of two is enough
        assertThat(servers.committed(leader)).isEqualTo(now);
        assertThat(reconfigurer.reconfigure(
                        servers.address(leader),
                        now,
                        wanted,
                        servers::endpoint,
                        List.of("wrong-one", RealServers.PASSWORD)))
                .isEqualTo(new Outcome.Applied());
    }

    @Test
    void leaderThatGrantsNoSessionIsReportedInTime() throws Exception {
        Reconfigurer hasty = new Reconfigurer(Duration.ofSeconds(1));
        long start = System.nanoTime();
        assertThat(hasty.reconfigure(
                        servers.address(1), THREE, THREE.without(2), servers::endpoint, List.of(RealServers.PASSWORD)))
                .asInstanceOf(type(Outcome.Blocked.class))
                .extracting(Outcome.Blocked::reason)
                .asString()
                .contains("session not established", "ZOOKEEPER-4708");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void votesAreCountedByGroupsAndByMajorityAgain() throws Exception {
        // Given three groups of one, of which one has another weight
        Membership groups = THREE.counting(Map.of(1, 1, 2, 2, 3, 3), Map.of(1, 2));
        servers.found(groups);
        int leader = servers.leader();
        Membership from = servers.committed(leader);
        assertThat(from.sameAs(groups)).as("%s", from).isTrue();

        // When a follower's vote is removed, its group must be removed too
        int other = leader == 3 ? 2 : 3;
        Membership two = from.with(other, false);
        assertThat(reconfigure(leader, from, two)).isEqualTo(new Outcome.Applied());
        servers.await(other, serves(Role.OBSERVER));
        Membership committed = servers.committed(leader);
        assertThat(committed.groups()).doesNotContainKey(other).hasSize(2);
        assertThat(committed.observers()).containsExactly(other);

        // When a plain majority decides again
        Membership majority = committed.counting(Map.of(), Map.of());
        assertThat(reconfigure(leader, committed, majority)).isEqualTo(new Outcome.Applied());
        Membership last = servers.committed(leader);
        assertThat(last.sameAs(majority)).as("%s", last).isTrue();
        assertThat(last.version()).isGreaterThan(committed.version());
    }

    @Test
    void settingsAreReadAsTheServerReportsThem() throws Exception {
        servers.found(Membership.ofMajority(0, Set.of(1), Set.of()));
        assertThat(servers.serving(1).settings())
                .containsEntry("tickTime", "1000")
                .containsEntry("initLimit", "10")
                .containsEntry("syncLimit", "3")
                .containsEntry("maxClientCnxns", "60")
                .containsEntry("minSessionTimeout", "2000")
                .containsEntry("maxSessionTimeout", "20000")
                .containsEntry("dataDir", servers.data(1).resolve("version-2").toString())
                .doesNotContainKeys("dataDirSize", "server.1", "version");
        assertThat(Files.exists(servers.data(1).resolve("initialize"))).isFalse();
    }

    private Outcome reconfigure(int leader, Membership from, Membership to) {
        return reconfigurer.reconfigure(
                servers.address(leader), from, to, servers::endpoint, List.of(RealServers.PASSWORD));
    }

    private static Predicate<Server> serves(Role role) {
        return server -> server.serving().filter(it -> it.role() == role).isPresent();
    }
}
