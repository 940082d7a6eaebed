package dev.ensembled.reconciler.desired;

import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleSpec;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What should exist for one ensemble, before a platform gives it files or objects.
 *
 * @param generation of the accepted spec; the status repeats it
 * @param members the places in the ensemble by id; the first {@code spec.voters()} vote, the others observe
 */
public record Desired(EnsembleId id, EnsembleSpec spec, long generation, List<Place> members) {
    public Desired {
        members = List.copyOf(members);
    }

    /** One place in the ensemble. */
    public record Place(int id, boolean voter) {
        /** The StatefulSet's ordinal: one less than the id, as the Kubernetes ZooKeeper tutorial numbers servers. */
        public int ordinal() {
            return id - 1;
        }
    }

    /** The places that a spec asks for. */
    public static Desired of(EnsembleId id, EnsembleSpec spec, long generation) {
        List<Place> members = IntStream.rangeClosed(1, spec.servers())
                .mapToObj(member -> new Place(member, member <= spec.voters()))
                .toList();
        return new Desired(id, spec, generation, members);
    }
}
