package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What should exist for one ensemble, independent of the platform that creates files or objects for it.
 *
 * @param generation of the accepted spec; the status repeats it
 * @param members the member slots of the ensemble by id; the first {@code spec.voters()} vote, the others observe
 * @param requests what people asked for in addition to the spec
 */
public record Desired(EnsembleId id, EnsembleSpec spec, long generation, List<MemberSlot> members, Requests requests) {
    private static final String GROUP = "group.";
    private static final String WEIGHT = "weight.";

    public Desired {
        members = List.copyOf(members);
    }

    /** One member slot of the ensemble. */
    public record MemberSlot(int id, boolean voter) {
        /**
         * Returns the StatefulSet's ordinal: one less than the id, as the Kubernetes ZooKeeper tutorial numbers
         * servers.
         */
        public int ordinal() {
            return id - 1;
        }
    }

    /** Returns the member slots that a spec asks for, without requests. */
    public static Desired of(EnsembleId id, EnsembleSpec spec, long generation) {
        return of(id, spec, generation, Requests.NONE);
    }

    /** Returns the member slots that a spec asks for. */
    public static Desired of(EnsembleId id, EnsembleSpec spec, long generation, Requests requests) {
        List<MemberSlot> members = IntStream.rangeClosed(1, spec.servers())
                .mapToObj(member -> new MemberSlot(member, member <= spec.voters()))
                .toList();
        return new Desired(id, spec, generation, members, requests);
    }

    /** Whether the spec asks for this member slot. */
    public boolean wants(int member) {
        return member >= 1 && member <= members.size();
    }

    /** Returns the membership that the spec asks for; without a version, because it is not committed. */
    public Membership membership() {
        return new Membership(0, ids(true), ids(false), groups(), weights());
    }

    /** Whether a key of {@code spec.config} belongs to the membership and not to a server's own configuration. */
    public static boolean ofMembership(String key) {
        return key.startsWith(GROUP) || key.startsWith(WEIGHT);
    }

    private Set<Integer> ids(boolean voting) {
        return members.stream()
                .filter(place -> place.voter() == voting)
                .map(MemberSlot::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Map<Integer, Integer> groups() {
        Map<Integer, Integer> groups = new TreeMap<>();
        spec.config().forEach((key, value) -> {
            if (key.startsWith(GROUP)) {
                int group = Integer.parseInt(key.substring(GROUP.length()));
                Arrays.stream(value.split(":", -1)).forEach(id -> groups.put(Integer.valueOf(id.strip()), group));
            }
        });
        return groups;
    }

    private Map<Integer, Integer> weights() {
        Map<Integer, Integer> weights = new TreeMap<>();
        spec.config().forEach((key, value) -> {
            if (key.startsWith(WEIGHT)) {
                weights.put(Integer.valueOf(key.substring(WEIGHT.length())), Integer.valueOf(value.strip()));
            }
        });
        return weights;
    }
}
