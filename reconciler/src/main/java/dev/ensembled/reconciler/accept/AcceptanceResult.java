package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.List;

/**
 * The changes and violations that result from a commit.
 *
 * @param changes ordered by id, removals last; a change that would change nothing is left out
 * @param violations the violations of the commit as a whole, in addition to those of each file by itself
 * @param contested whether an ensemble that this source defines belongs to another source or installation, and may be handed over
 *     at any time
 */
public record AcceptanceResult(List<Change> changes, List<Violation> violations, boolean contested) {
    public AcceptanceResult {
        changes = List.copyOf(changes);
        violations = List.copyOf(violations);
    }
}
