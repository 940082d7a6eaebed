package dev.ensembled.reconciler.forecast;

import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Revision;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** A forecast whose model is wrong, so that tests can show that they detect this. */
public final class MutatedForecast {
    private MutatedForecast() {}

    /** The forecast with a change of what is observed after each step. */
    public static Forecast of(
            Accepted accepted, Observed observed, Revision wanted, Instant now, UnaryOperator<Observed> change) {
        return Forecast.of(accepted, observed, wanted, now, change);
    }
}
