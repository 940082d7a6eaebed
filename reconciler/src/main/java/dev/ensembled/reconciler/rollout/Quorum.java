package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Membership;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which sets of servers may elect a leader and commit, by a membership: the arithmetic of ZooKeeper's QuorumMaj and,
 * where votes are counted by groups, of its QuorumHierarchical.
 *
 * @param groups of voters; empty for a plain majority
 * @param weights of voters that are not 1; they count only together with groups
 */
public record Quorum(Set<Integer> voters, Map<Integer, Integer> groups, Map<Integer, Integer> weights) {
    public Quorum {
        voters = Set.copyOf(voters);
        groups = Map.copyOf(groups);
        weights = Map.copyOf(weights);
    }

    /** Returns the quorum of more than half of these voters. */
    public static Quorum ofMajority(Set<Integer> voters) {
        return new Quorum(voters, Map.of(), Map.of());
    }

    public static Quorum of(Membership membership) {
        return new Quorum(membership.voters(), membership.groups(), membership.weights());
    }

    /** Whether these servers form a quorum. Servers that do not vote do not count. */
    public boolean isFormedBy(Set<Integer> servers) {
        if (groups.isEmpty()) {
            long voting = voters.stream().filter(servers::contains).count();
            return voting > voters.size() / 2;
        }
        Map<Integer, Integer> whole = weightByGroup(voters);
        Map<Integer, Integer> present = weightByGroup(servers);
        long counting = whole.values().stream().filter(weight -> weight > 0).count();
        long won = whole.entrySet().stream()
                .filter(group -> present.getOrDefault(group.getKey(), 0) > group.getValue() / 2)
                .count();
        return won > counting / 2;
    }

    /**
     * Returns how many more of these servers may fail, whichever they are, before the others are not a quorum; -1 if they
     * are not a quorum now. Tries all sets of servers where votes are counted by groups, of which there are few, since an
     * ensemble has few voters.
     */
    public int margin(Set<Integer> servers) {
        List<Integer> voting =
                voters.stream().filter(servers::contains).sorted().toList();
        int margin = -1;
        while (margin < voting.size() && everyLossLeavesQuorum(voting, margin + 1)) {
            margin++;
        }
        return margin;
    }

    private boolean everyLossLeavesQuorum(List<Integer> voting, int lost) {
        if (groups.isEmpty()) {
            return voting.size() - lost > voters.size() / 2;
        }
        return LongStream.range(0, 1L << voting.size())
                .filter(set -> Long.bitCount(set) == voting.size() - lost)
                .allMatch(set -> isFormedBy(IntStream.range(0, voting.size())
                        .filter(index -> (set >> index & 1) == 1)
                        .mapToObj(voting::get)
                        .collect(Collectors.toUnmodifiableSet())));
    }

    /** A group without weight is not counted: it can never have a majority. */
    private Map<Integer, Integer> weightByGroup(Set<Integer> servers) {
        Map<Integer, Integer> sums = new TreeMap<>();
        voters.stream()
                .filter(servers::contains)
                .filter(groups::containsKey)
                .forEach(voter -> sums.merge(groups.get(voter), weights.getOrDefault(voter, 1), Integer::sum));
        return sums;
    }
}
