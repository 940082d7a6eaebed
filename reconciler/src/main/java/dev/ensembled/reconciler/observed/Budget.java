package dev.ensembled.reconciler.observed;

import java.util.Set;

/**
 * A disruption budget that covers members of the ensemble, whoever made it.
 *
 * @param name as the platform calls it
 * @param members ids of the members whose instances it selects
 * @param disruptionsAllowed how many of them may leave now
 * @param current false while its status is behind its spec: then nothing may be concluded from it
 */
public record Budget(String name, Set<Integer> members, int disruptionsAllowed, boolean current) {
    public Budget {
        members = Set.copyOf(members);
    }
}
