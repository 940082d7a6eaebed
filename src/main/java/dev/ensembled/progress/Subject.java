package dev.ensembled.progress;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.util.Optional;

/**
 * What a change is about.
 *
 * @param commit from which the spec was accepted; empty if it is not from a Git source
 */
public record Subject(EnsembleId ensemble, Optional<String> commit) {}
