package dev.ensembled.reconciler.conformance;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The names by which a scenario refers to servers: ids, and L, F and G for the first leader and its followers. */
final class Names {
    private static final List<String> FOLLOWERS = List.of("F", "G");
    private final Map<String, Integer> ids = new TreeMap<>();

    void bind(Observation observed) {
        ids.clear();
        observed.ids(Role.LEADER).forEach(id -> ids.put("L", id));
        List<Integer> followers = observed.ids(Role.FOLLOWER);
        for (int i = 0; i < Math.min(followers.size(), FOLLOWERS.size()); i++) {
            ids.put(FOLLOWERS.get(i), followers.get(i));
        }
    }

    /** The id of a server; 0 for a name that is not bound yet. */
    int id(String name) {
        return name.matches("\\d+") ? Integer.parseInt(name) : ids.getOrDefault(name, 0);
    }

    /** The ids in a text such as "L F 4". */
    Set<Integer> ids(String text) {
        return Arrays.stream(text.split(" "))
                .filter(word -> !word.isEmpty())
                .map(this::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The members in a text such as "L F G + 4". */
    Membership members(String text) {
        String[] sides = text.split("\\+", 2);
        return Membership.ofMajority(0, ids(sides[0]), sides.length == 1 ? Set.of() : ids(sides[1]));
    }
}
