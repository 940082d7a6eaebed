package dev.ensembled.reconciler.rollout;

import java.util.Set;

/** Which sets of servers may decide, as the committed membership says. */
public record Quorum(Set<Integer> voters) {
    public Quorum {
        voters = Set.copyOf(voters);
    }

    /** Whether these servers form a quorum: more than half of the voters. Servers that do not vote do not count. */
    public boolean isFormedBy(Set<Integer> servers) {
        long voting = voters.stream().filter(servers::contains).count();
        return voting > voters.size() / 2;
    }
}
