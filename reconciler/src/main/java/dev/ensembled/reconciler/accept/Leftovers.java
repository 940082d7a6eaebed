package dev.ensembled.reconciler.accept;

import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.Leftover;
import dev.ensembled.reconciler.spec.Violation;
import java.util.Collection;
import java.util.Map;

/** The commit with all of its files, of whatever name: looked through only when an ensemble would be removed. */
@FunctionalInterface
public interface Leftovers {

    /** What is left of these ensembles; without an entry for an ensemble that is gone for good. */
    Map<EnsembleId, Violation> find(Collection<Leftover> gone);
}
