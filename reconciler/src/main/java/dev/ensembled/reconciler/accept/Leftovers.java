package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.read.Leftover;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.Collection;
import java.util.Map;

/**
 * Searches all files of the commit, whatever their names, for leftovers. It is called only when an ensemble would be
 * removed.
 */
@FunctionalInterface
public interface Leftovers {

    /** Returns the leftovers of these ensembles; without an entry for an ensemble of which nothing is left. */
    Map<EnsembleId, Violation> find(Collection<Leftover> gone);
}
