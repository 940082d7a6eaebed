package dev.ensembled.reconciler.spec.validation.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.spec.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.apache.zookeeper.server.quorum.flexible.QuorumHierarchical;
import org.junit.jupiter.api.Test;

/** Groups and weights are accepted if and only if ZooKeeper accepts them and they can form a quorum at all. */
class VoteCountingTest {
    private static final int VOTERS = 3;

    @Test
    void groupsAndWeightsAreAcceptedWhereZooKeeperCanCountByThem() {
        Random random = new Random(4);
        int accepted = 0;
        for (int round = 0; round < 3_000; round++) {
            // Given
            Map<String, String> votes = votes(random);
            String config = votes.entrySet().stream()
                    .map(entry -> entry.getKey() + ": '" + entry.getValue() + "'")
                    .collect(Collectors.joining(", ", "observers: 1\nconfig: {", "}"));

            // When
            boolean valid = Specs.read(Specs.with(config)).violations().isEmpty();

            // Then
            assertThat(valid).as(config).isEqualTo(votes.isEmpty() || zooKeeperCountsBy(votes));
            accepted += valid ? 1 : 0;
        }
        assertThat(accepted).isBetween(300, 2_700);
    }

    private static Map<String, String> votes(Random random) {
        Map<String, String> votes = new TreeMap<>();
        List<List<String>> groups = List.of(new ArrayList<>(), new ArrayList<>());
        for (int id = 1; id <= VOTERS + 1; id++) {
            // Usually correct: each voter once, no observer.
            int wanted = id > VOTERS ? 0 : 1;
            int times = random.nextInt(10) == 0 ? random.nextInt(3) : wanted;
            for (int time = 0; time < times; time++) {
                groups.get(random.nextInt(2)).add(String.valueOf(id));
            }
            if (id <= VOTERS && random.nextInt(2) == 0) {
                votes.put("weight." + id, String.valueOf(random.nextInt(2)));
            }
        }
        for (int group = 0; group < 2; group++) {
            if (!groups.get(group).isEmpty() && random.nextInt(10) > 0) {
                votes.put("group." + (group + 1), String.join(":", groups.get(group)));
            }
        }
        return votes;
    }

    private static boolean zooKeeperCountsBy(Map<String, String> votes) {
        Properties properties = new Properties();
        IntStream.rangeClosed(1, VOTERS + 1)
                .forEach(id -> properties.setProperty(
                        "server." + id,
                        "127.0.0.1:2888:3888:" + (id > VOTERS ? "observer" : "participant") + ";127.0.0.1:2181"));
        votes.forEach(properties::setProperty);
        try {
            QuorumHierarchical quorum = new QuorumHierarchical(properties);
            Map<Long, QuorumServer> voting = quorum.getVotingMembers();
            return quorum.containsQuorum(voting.keySet());
        } catch (ConfigException | RuntimeException e) {
            // ZooKeeper refuses a voter without a group, and fails over an observer in a group.
            return false;
        }
    }
}
