package dev.ensembled.metrics;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.micrometer.core.instrument.Tags;

/**
 * The labels of an ensemble. Its namespace is not in the label {@code namespace}, which a scrape configuration usually sets to
 * that of the daemon.
 */
final class EnsembleTags {
    private EnsembleTags() {}

    static Tags of(EnsembleId id) {
        return Tags.of("ensemble_namespace", id.namespace(), "ensemble", id.name());
    }
}
