package dev.ensembled.reconciler.spec.model;

import dev.ensembled.reconciler.spec.model.EnsembleSpec.Allow;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Budget;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Credentials;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.DeletionPolicy;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Jvm;
import dev.ensembled.reconciler.spec.model.EnsembleSpec.Placement;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Omits parts that contain only defaults when a spec or a status is written, so that the stored object resembles what
 * the user wrote. Jackson calls {@code equals} of such filters.
 */
final class OmitDefaults {
    private static final Set<Object> DEFAULTS = Set.of(
            0,
            Map.of(),
            List.of(),
            new Jvm(null, null),
            new StorageSpec(null, null, null, null),
            new PodTemplateSpec(),
            new Placement(null, null),
            new Budget(null),
            RolloutSpec.DEFAULT,
            DeletionPolicy.Orphan,
            new Allow(null, null, null),
            new Credentials(null),
            EnsembleStatus.Memory.NOTHING);

    @Override
    public boolean equals(Object value) {
        return value == null || DEFAULTS.contains(value);
    }

    @Override
    public int hashCode() {
        return DEFAULTS.hashCode();
    }
}
