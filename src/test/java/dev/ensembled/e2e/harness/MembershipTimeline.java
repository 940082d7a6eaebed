package dev.ensembled.e2e.harness;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The memberships that servers reported, each once, in the order in which they were committed. */
public record MembershipTimeline(List<ReportedMembership> reports) {
    public MembershipTimeline {
        reports = List.copyOf(reports);
    }

    /**
     * A membership.
     *
     * @param at when it was first reported
     * @param version of the configuration
     * @param roles by the members' ids: participant or observer
     */
    public record ReportedMembership(Instant at, long version, Map<Integer, String> roles) {
        public ReportedMembership {
            roles = Map.copyOf(roles);
        }

        int voters() {
            return (int) roles.values().stream().filter("participant"::equals).count();
        }
    }

    /** The number of voters in each membership, in order. */
    public List<Integer> voters() {
        return reports.stream().map(ReportedMembership::voters).toList();
    }

    /** The number of members in each membership, in order. */
    public List<Integer> members() {
        return reports.stream().map(one -> one.roles().size()).toList();
    }

    /** For each change, the members that it affected. */
    public List<Set<Integer>> changes() {
        List<Set<Integer>> changes = new ArrayList<>();
        for (int i = 1; i < reports.size(); i++) {
            Map<Integer, String> before = reports.get(i - 1).roles();
            Map<Integer, String> after = reports.get(i).roles();
            Set<Integer> changed = new HashSet<>(before.keySet());
            changed.addAll(after.keySet());
            changed.removeIf(id -> before.containsKey(id) && before.get(id).equals(after.get(id)));
            changes.add(changed);
        }
        return changes;
    }

    /** When a member was removed for the last time; empty if it is a member at the end. */
    public Optional<Instant> withoutSince(int member) {
        Optional<Instant> since = Optional.empty();
        for (ReportedMembership one : reports) {
            if (one.roles().containsKey(member)) {
                since = Optional.empty();
            } else if (since.isEmpty()) {
                since = Optional.of(one.at());
            }
        }
        return since;
    }

    /** The last membership. */
    public Map<Integer, String> last() {
        return new TreeMap<>(reports.get(reports.size() - 1).roles());
    }
}
