package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.Violation;
import java.util.List;

/**
 * What a commit comes to.
 *
 * @param changes ordered by id, removals last; a change that would change nothing is left out
 * @param violations what is wrong with the commit beside what is wrong with each file by itself
 * @param contested whether an ensemble that this source defines is another daemon's, and may be handed over at any time
 */
public record Decided(List<Change> changes, List<Violation> violations, boolean contested) {
    public Decided {
        changes = List.copyOf(changes);
        violations = List.copyOf(violations);
    }
}
