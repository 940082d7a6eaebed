package dev.ensembled.stub;

import dev.ensembled.driver.Driver;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.spec.model.EnsembleId;

/** A listener that ignores every result. */
public final class StubListener implements Driver.Listener {
    @Override
    public void seen(EnsembleId id, ReconcileResult latest) {}

    @Override
    public void gone(EnsembleId id) {}
}
