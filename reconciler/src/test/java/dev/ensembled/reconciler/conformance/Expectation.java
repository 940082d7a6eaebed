package dev.ensembled.reconciler.conformance;

import dev.ensembled.reconciler.observed.Membership;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The expectation of one row.
 *
 * @param committed the configuration that was committed before the row
 * @param epoch the epoch of the leader before the row
 */
record Expectation(Scenario.Row row, Names names, Membership committed, long epoch) {
    private static final long COUNTER = 0xFFFF_FFFFL;

    /** What differs from the row, for people; empty if nothing does. */
    List<String> differences(Observation observed) {
        List<String> differences = new ArrayList<>();
        for (String servers : row.servers()) {
            String[] sides = servers.split(" = ", 2);
            List<String> states =
                    names.ids(sides[0]).stream().map(observed::state).sorted().toList();
            List<String> expected = Arrays.stream(sides[1].split(" ")).sorted().toList();
            compare(differences, sides[0], expected, Optional.of(states));
        }
        if (!row.members().isEmpty()) {
            Membership members = names.members(row.members());
            boolean same = observed.committed().filter(members::sameAs).isPresent();
            compare(differences, "members", true, Optional.of(same));
        }
        compare(differences, "version", row.version(), observed.committed().map(it -> version(it.version())));
        compare(differences, "epoch", row.epoch(), observed.leader().map(it -> epoch(it.zxid() >>> 32)));
        compare(differences, "counted", row.counted(), observed.counted());
        if (!differences.isEmpty()) {
            differences.add("where the servers are: " + observed.servers());
        }
        return differences;
    }

    private static <T> void compare(List<String> differences, String what, T expected, Optional<T> actual) {
        if (!expected.equals("") && !actual.equals(Optional.of(expected))) {
            differences.add(what + ": expected " + expected + ", but was "
                    + actual.map(String::valueOf).orElse("nothing"));
        }
    }

    private String version(long version) {
        if (committed.version() == 0 && version != 0 && (version & COUNTER) == 0) {
            return "first";
        }
        return order(version, committed.version());
    }

    private String epoch(long now) {
        return order(now, epoch);
    }

    private static String order(long now, long before) {
        return now == before ? "same" : now > before ? "newer" : "older";
    }
}
