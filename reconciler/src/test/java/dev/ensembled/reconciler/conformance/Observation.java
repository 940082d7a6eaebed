package dev.ensembled.reconciler.conformance;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.observed.Server.Role;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The reports of all servers at one time. */
record Observation(Map<Integer, Server> servers) {

    String state(int id) {
        Server server = servers.get(id);
        if (server instanceof Server.Serving serving) {
            return serving.role().name().toLowerCase(Locale.ROOT);
        }
        return server instanceof Server.NotServing ? "not-serving" : server instanceof Server.Down ? "down" : "unknown";
    }

    List<Integer> ids(Role role) {
        return servers.keySet().stream()
                .filter(id -> state(id).equals(role.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    List<Integer> serving() {
        return servers.keySet().stream()
                .filter(id -> servers.get(id).serving().isPresent())
                .toList();
    }

    Optional<Server.Serving> leader() {
        List<Integer> leaders = ids(Role.LEADER);
        return leaders.size() == 1 ? servers.get(leaders.get(0)).serving() : Optional.empty();
    }

    /** The committed configuration, if every serving server reports the same. */
    Optional<Membership> committed() {
        List<Membership> reported = servers.values().stream()
                .flatMap(server -> server.serving().stream())
                .map(Server.Serving::membership)
                .distinct()
                .toList();
        return reported.size() == 1 ? Optional.of(reported.get(0)) : Optional.empty();
    }

    /** The followers and observers in sync, and the learners, by the report of the leader. */
    Optional<String> counted() {
        return leader().map(it -> it.syncedFollowers() + " " + it.syncedObservers() + " " + it.learners());
    }
}
