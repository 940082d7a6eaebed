package dev.ensembled.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.desired.MembershipText;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.rollout.Quorum;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.apache.zookeeper.server.quorum.flexible.QuorumHierarchical;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;
import org.apache.zookeeper.server.quorum.flexible.QuorumVerifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reconciler's quorum arithmetic against ZooKeeper's own, for random memberships and every set of their servers. */
class QuorumArithmeticTest {
    private static final int MEMBERSHIPS = 4_000;
    private static final int MOST_VOTERS = 9;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void quorumArithmeticEqualsThatOfZooKeeper(boolean byGroups) throws Exception {
        long seed = 20_260_101;
        Random random = new Random(seed);
        int formed = 0;
        int compared = 0;
        for (int i = 0; i < MEMBERSHIPS; i++) {
            Membership membership = membership(random, byGroups);
            QuorumVerifier theirs = verifier(membership);
            Quorum ours = Quorum.of(membership);
            int servers = membership.highest();
            for (int bits = 0; bits < 1 << servers; bits += 1 + random.nextInt(1 << Math.max(0, servers - 6))) {
                Set<Integer> set = set(bits, servers);
                boolean expected = theirs.containsQuorum(acknowledging(theirs, set));
                assertThat(ours.isFormedBy(set))
                        .as("seed %s, %s of %s", seed, set, membership)
                        .isEqualTo(expected);
                formed += expected ? 1 : 0;
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(100_000);
        assertThat(formed).as("sets that decide, of %s", compared).isBetween(compared / 10, compared * 9 / 10);
    }

    private static Membership membership(Random random, boolean byGroups) {
        int voters = 1 + random.nextInt(MOST_VOTERS);
        int observers = random.nextInt(3);
        Set<Integer> voting = new HashSet<>();
        Set<Integer> observing = new HashSet<>();
        Map<Integer, Integer> groups = new HashMap<>();
        Map<Integer, Integer> weights = new HashMap<>();
        int mostGroups = 1 + random.nextInt(voters);
        for (int id = 1; id <= voters + observers; id++) {
            if (id > voters) {
                observing.add(id);
                continue;
            }
            voting.add(id);
            if (byGroups) {
                groups.put(id, 1 + random.nextInt(mostGroups));
                if (random.nextBoolean()) {
                    weights.put(id, random.nextInt(4));
                }
            }
        }
        return new Membership(1, voting, observing, groups, weights);
    }

    private static QuorumVerifier verifier(Membership membership) throws IOException, ConfigException {
        Properties lines = new Properties();
        String text = String.join(
                "\n", MembershipText.lines(membership, id -> new Endpoint("127.0.0.1", id, 100 + id, "127.0.0.1", 9)));
        lines.load(new StringReader(text));
        return membership.groups().isEmpty() ? new QuorumMaj(lines) : new QuorumHierarchical(lines);
    }

    /** ZooKeeper accepts acknowledgements from voters only, before it checks whether they are enough. */
    private static Set<Long> acknowledging(QuorumVerifier verifier, Set<Integer> servers) {
        return servers.stream()
                .map(Integer::longValue)
                .filter(verifier.getVotingMembers()::containsKey)
                .collect(Collectors.toSet());
    }

    private static Set<Integer> set(int bits, int servers) {
        Set<Integer> set = new HashSet<>();
        for (int id = 1; id <= servers; id++) {
            if ((bits >> (id - 1) & 1) == 1) {
                set.add(id);
            }
        }
        return set;
    }
}
