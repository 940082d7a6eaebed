package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.simulation.history.History;
import dev.ensembled.reconciler.simulation.mutation.Mutation;
import java.util.Optional;

/** Reduces a failing history to a minimal one that violates the same invariant. */
final class Shrinker {
    private final Mutation mutation;

    Shrinker(Mutation mutation) {
        this.mutation = mutation;
    }

    /** Removes events and members one by one until every further removal makes the failure disappear. */
    History shrink(History failing) {
        String invariant = invariant(failing);
        History minimal = failing;
        boolean progress = true;
        while (progress) {
            Optional<History> next = minimal.simpler()
                    .filter(other -> invariant(other).equals(invariant))
                    .findFirst();
            minimal = next.orElse(minimal);
            progress = next.isPresent();
        }
        return minimal;
    }

    /** The minimal form of a failing history with its trace. */
    String report(History failing) {
        History minimal = shrink(failing);
        Simulation.Verdict verdict = Simulation.run(minimal, mutation, true);
        return "%s%n%s%n%nviolation: %s%n(the whole history: %s)"
                .formatted(
                        minimal,
                        String.join(System.lineSeparator(), verdict.trace()),
                        verdict.violation().orElse("none"),
                        failing);
    }

    /** The violated invariant, without the numbers and names of this run. */
    private String invariant(History history) {
        String violation = Simulation.run(history, mutation).violation().orElse("");
        return violation.replaceAll("[0-9]+", "").replaceAll("(reason|fingerprint)=.*", "");
    }
}
