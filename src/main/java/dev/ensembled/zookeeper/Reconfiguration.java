package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.desired.MembershipText;
import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.observed.Membership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** What a leader is asked for, to get from one membership to another; pure. */
sealed interface Reconfiguration {

    /** By the servers that change. */
    record Incremental(List<String> joining, List<String> leaving) implements Reconfiguration {
        public Incremental {
            joining = List.copyOf(joining);
            leaving = List.copyOf(leaving);
        }
    }

    /** By the whole new membership. */
    record Whole(List<String> members) implements Reconfiguration {
        public Whole {
            members = List.copyOf(members);
        }
    }

    /**
     * Incremental where the majority decides before and after, so that the addresses of servers that do not change need
     * not be told again; ZooKeeper refuses that where votes are counted by groups.
     */
    static Reconfiguration of(Membership from, Membership to, IntFunction<Endpoint> endpoints) {
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
     * A server in a group that does not vote breaks ZooKeeper's parser, or raises the bar of its group; and a weight
     * without any group makes it look for groups.
     */
    private static Membership withoutStaleCounts(Membership membership) {
        Map<Integer, Integer> groups = new HashMap<>(membership.groups());
        groups.keySet().retainAll(membership.voters());
        Map<Integer, Integer> weights = new HashMap<>(membership.weights());
        weights.keySet().retainAll(groups.keySet());
        return membership.counting(groups, weights);
    }
}
