package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.desired.MembershipText;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.observed.Membership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The request to a leader that changes one membership into another. It has no side effects. */
sealed interface ReconfigRequest {

    /** A change by the servers that join, leave or change their role. */
    record Incremental(List<String> joining, List<String> leaving) implements ReconfigRequest {
        public Incremental {
            joining = List.copyOf(joining);
            leaving = List.copyOf(leaving);
        }
    }

    /** A change by the whole new membership. */
    record Whole(List<String> members) implements ReconfigRequest {
        public Whole {
            members = List.copyOf(members);
        }
    }

    /**
     * Returns an incremental change where the majority decides before and after, because it need not repeat the
     * addresses of servers that do not change; ZooKeeper refuses incremental changes where votes are counted by groups.
     */
    static ReconfigRequest of(Membership from, Membership to, IntFunction<Endpoint> endpoints) {
        if (!from.groups().isEmpty() || !to.groups().isEmpty()) {
            return new Whole(MembershipText.lines(withoutStaleCounts(to), endpoints));
        }
        List<String> joining = to.ids().stream()
                .filter(id -> !from.has(id)
                        || from.voters().contains(id) != to.voters().contains(id))
                .map(id -> MembershipText.line(id, to.voters().contains(id), endpoints.apply(id)))
                .toList();
        List<String> leaving = from.ids().stream()
                .filter(id -> !to.has(id))
                .map(String::valueOf)
                .toList();
        return new Incremental(joining, leaving);
    }

    /**
     * Removes groups and weights of servers that do not vote. In a group, they make ZooKeeper's parser fail, or raise
     * the number of votes that the group needs. A weight without any group makes ZooKeeper look for groups.
     */
    private static Membership withoutStaleCounts(Membership membership) {
        Map<Integer, Integer> groups = new HashMap<>(membership.groups());
        groups.keySet().retainAll(membership.voters());
        Map<Integer, Integer> weights = new HashMap<>(membership.weights());
        weights.keySet().retainAll(groups.keySet());
        return membership.counting(groups, weights);
    }
}
