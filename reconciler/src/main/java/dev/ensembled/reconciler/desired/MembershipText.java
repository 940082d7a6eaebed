package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.desired.ServerConfig.Endpoint;
import dev.ensembled.reconciler.observed.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** A membership in ZooKeeper's format: the dynamic part of a configuration, and the argument of a reconfiguration. */
public final class MembershipText {
    private MembershipText() {}

    /** Returns a line for each server, then a line for each group and weight. */
    public static List<String> lines(Membership membership, IntFunction<Endpoint> endpoint) {
        List<String> lines = new ArrayList<>();
        for (int id : membership.ids()) {
            lines.add(line(id, membership.voters().contains(id), endpoint.apply(id)));
        }
        Map<Integer, TreeSet<Integer>> groups = new TreeMap<>();
        Map<Integer, Integer> weights = new TreeMap<>(membership.weights());
        // ZooKeeper does not read a group or a weight of a server that does not vote.
        weights.keySet().retainAll(membership.voters());
        membership.groups().forEach((voter, group) -> {
            if (membership.voters().contains(voter)) {
                groups.computeIfAbsent(group, missing -> new TreeSet<>()).add(voter);
            }
        });
        groups.forEach((group, voters) -> lines.add("group." + group + "="
                + String.join(":", voters.stream().map(String::valueOf).toList())));
        weights.forEach((voter, weight) -> lines.add("weight." + voter + "=" + weight));
        return lines;
    }

    /** Returns the line of one server. */
    public static String line(int id, boolean voter, Endpoint at) {
        return "server.%d=%s:%d:%d:%s;%s:%d"
                .formatted(
                        id,
                        at.host(),
                        at.quorumPort(),
                        at.electionPort(),
                        voter ? "participant" : "observer",
                        at.clientBind(),
                        at.clientPort());
    }
}
