package dev.ensembled.reconciler.observed;

import java.util.Set;

/**
 * A disruption budget that covers members of the ensemble, by any owner.
 *
 * @param name the name on the platform
 * @param members ids of the members whose instances it selects
 * @param disruptionsAllowed how many of them may be evicted now
 * @param current false while its status is behind its spec: then nothing may be concluded from it
 */
public record Budget(String name, Set<Integer> members, int disruptionsAllowed, boolean current) {
    public Budget {
        members = Set.copyOf(members);
    }
}
