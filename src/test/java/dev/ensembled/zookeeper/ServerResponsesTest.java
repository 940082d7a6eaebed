package dev.ensembled.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How answers are interpreted, some of which a healthy server never gives. */
class ServerResponsesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");
    private static final String SILENT = "This ZooKeeper instance is not currently serving requests\n";
    private static final String MNTR =
            """
            zk_version\t3.9.5-293c895a8d966a3, built on 2026-02-11 20:18 UTC
            zk_server_state\tleader
            zk_peer_state\tleading - broadcast
            zk_learners\t4
            zk_synced_followers\t3
            zk_synced_non_voting_followers\t1
            zk_synced_observers\t1
            zk_approximate_data_size\t44
            zk_leader_uptime\t4000
            zk_uptime\t4200
            """;
    private static final String SRVR =
            """
            Zookeeper version: 3.9.5
            Zxid: 0x10000000a
            Mode: leader
            Node count: 5
            """;
    private static final String CONF =
            """
            clientPort=21881
            dataDirSize=67108880
            tickTime=2000
            serverId=1
            membership:
            server.1=127.0.0.1:22881:23881:participant;127.0.0.1:21881
            server.2=a.example:1:2:participant|b.example:1:2:participant;0.0.0.0:2181
            server.14=[::1]:22884:23884:observer;127.0.0.1:21884
            version=10000000a""";

    @Test
    void servingLeaderIsReadWithAllItsFields() {
        assertThat(settled(MNTR, SRVR)).isEmpty();
        assertThat(ServerResponses.serving(MNTR, SRVR, CONF, NOW))
                .isEqualTo(new Server.Serving(
                        Role.LEADER,
                        0x10000000aL,
                        Membership.ofMajority(0x10000000aL, Set.of(1, 2), Set.of(14)),
                        2,
                        1,
                        4,
                        44,
                        NOW.minusMillis(4000),
                        "3.9.5",
                        Map.of("clientPort", "21881", "tickTime", "2000", "serverId", "1")));
    }

    @Test
    void fractionalNumbersOfThePrometheusProviderAreRead() {
        String prometheus = MNTR.replaceAll("(?m)\\t(\\d+)$", "\t$1.0").replace("\t44.0", "\t4.4E9");
        assertThat(ServerResponses.decidedBy(prometheus, SRVR)).isEmpty();
        assertThat(ServerResponses.serving(prometheus, SRVR, CONF, NOW).serving())
                .hasValueSatisfying(serving -> {
                    assertThat(serving.since()).isEqualTo(NOW.minusMillis(4000));
                    assertThat(serving.dataBytes()).isEqualTo(4_400_000_000L);
                });
    }

    @Test
    void groupsAndWeightsAreReadWhereVotesAreCountedByThem() {
        String hierarchical =
                CONF.replace("version=", "group.1=1:2\ngroup.2=3\nweight.1=1\nweight.2=2\nweight.3=0\nversion=");
        assertThat(ServerResponses.serving(MNTR, SRVR, hierarchical, NOW).serving())
                .hasValueSatisfying(serving -> assertThat(serving.membership())
                        .isEqualTo(new Membership(
                                0x10000000aL, Set.of(1, 2), Set.of(14), Map.of(1, 1, 2, 1, 3, 2), Map.of(2, 2, 3, 0))));
    }

    @Test
    void serverDoesNotServeWhenBothCommandsAgree() {
        assertThat(settled(SILENT, SILENT)).containsInstanceOf(Server.NotServing.class);
    }

    @ParameterizedTest
    @CsvSource({"following - synchronization", "leading - discovery", "looking", "looking - snap", "following"})
    void stateOtherThanBroadcastIsNotServingIfBothCommandsAgree(String state) {
        assertThat(settled(in(state), SILENT)).contains(new Server.NotServing(state));
        assertContradiction(in(state), SRVR, state, "Mode: leader");
    }

    @Test
    void contradictoryServingStateIsUnknownWithBothAnswers() {
        assertContradiction(SILENT, SRVR, "not serving", "Mode: leader");
        assertContradiction(MNTR, SILENT, "leading - broadcast", "not serving");
        assertContradiction(
                in("following - broadcast"), SRVR, "following - broadcast with role leader", "Mode: leader");
    }

    @Test
    void modeOfTheLastSyncIsIgnored() {
        assertThat(settled(in("leading - broadcast - diff"), SRVR)).isEmpty();
        assertThat(settled(in("leading - broadcast - newmode"), SRVR)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "looking - broadcast",
        "leading - broadcast - discovery",
        "leading - broadcast - diff - snap",
        "leading - electing",
        "broadcast",
        "''"
    })
    void impossibleServerStateIsUnknown(String state) {
        for (String srvr : List.of(SRVR, SILENT)) {
            assertThat(settled(in(state), srvr))
                    .hasValueSatisfying(
                            server -> assertThat(server).asString().contains("Unknown", "invalid zk_peer_state"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lead\u0131ng - broadcast", "lead?ng - broadcast", "lead\ufffdng - broadcast - d\u0131ff"})
    void serverWithATurkishLocaleIsReadDespiteItsSpelling(String state) {
        assertThat(settled(in(state), SRVR)).isEmpty();
    }

    @Test
    void readOnlyServerWithoutAQuorumDoesNotServe() {
        String mntr = "zk_version\t3.9.5\nzk_server_state\tread-only\nzk_uptime\t12\n";
        assertThat(settled(mntr, SRVR.replace("leader", "read-only"))).containsInstanceOf(Server.NotServing.class);
        assertContradiction(mntr, SRVR, "read-only", "Mode: leader");
    }

    private static Optional<Server> settled(String mntr, String srvr) {
        return ServerResponses.unusable(mntr).or(() -> ServerResponses.decidedBy(mntr, srvr));
    }

    private static String in(String state) {
        return MNTR.replace("leading - broadcast", state);
    }

    private static void assertContradiction(String mntr, String srvr, String... words) {
        assertThat(settled(mntr, srvr)).hasValueSatisfying(server -> assertThat(server)
                .isInstanceOfSatisfying(Server.Unknown.class, unknown -> assertThat(unknown.detail())
                        .contains("contradictory responses")
                        .contains(words)));
    }

    @ParameterizedTest
    @CsvSource({
        "mntr is not executed because it is not in the whitelist.,add it to 4lw.commands.whitelist",
        "HTTP/1.1 400 Bad Request,not from ZooKeeper 3.6",
        "'',connection closed without a response",
        "zk_version\t3.9.5,truncated"
    })
    void invalidAnswerIsUnknownWithTheReason(String mntr, String reason) {
        assertThat(settled(mntr, SRVR)).hasValueSatisfying(server -> assertThat(server)
                .isInstanceOfSatisfying(Server.Unknown.class, unknown -> assertThat(unknown.detail())
                        .contains(reason)));
    }

    @Test
    void standaloneServerIsUnknownWithInstructions() {
        String standalone = MNTR.replace("\tleader\n", "\tstandalone\n");
        assertThat(settled(standalone, SRVR))
                .hasValueSatisfying(server -> assertThat(server.toString()).contains("standaloneEnabled=false"));
    }

    @ParameterizedTest
    @CsvSource({"Mode: leader,Mode: follower", "Zxid: 0x10000000a,Zxid: nothing"})
    void contradictoryAnswersAreUnknown(String said, String instead) {
        assertThat(ServerResponses.serving(MNTR, SRVR.replace(said, instead), CONF, NOW))
                .isInstanceOf(Server.Unknown.class);
    }

    @Test
    void aMembershipWithoutAVersionIsUnknown() {
        assertThat(ServerResponses.serving(MNTR, SRVR, CONF.substring(0, CONF.indexOf("version")), NOW))
                .isInstanceOf(Server.Unknown.class);
    }

    @Test
    void serverThatLosesItsLeaderMidProbeIsUnknown() {
        assertThat(ServerResponses.serving(MNTR, SRVR, SILENT, NOW))
                .isInstanceOfSatisfying(Server.Unknown.class, unknown -> assertThat(unknown.detail())
                        .contains("contradictory responses"));
    }
}
