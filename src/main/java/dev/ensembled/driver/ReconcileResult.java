package dev.ensembled.driver;

import dev.ensembled.reconciler.cycle.ReconcileCycle;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the driver knows about one ensemble, for the health checks, the status page and the terminal.
 *
 * @param result the result of the last successful cycle; empty before the first one
 * @param failure why the cycles after it failed; empty if the last one succeeded
 * @param since when the cycles began to fail, or when the result was obtained
 * @param succeeded when the last successful cycle ended; empty before the first one
 * @param took how long the last cycle took, successful or not
 */
public record ReconcileResult(
        Optional<ReconcileCycle.Result> result,
        Optional<String> failure,
        Instant since,
        Optional<Instant> succeeded,
        Duration took) {

    /** The result of a successful cycle that ended now. */
    public static ReconcileResult of(ReconcileCycle.Result result, Instant now, Duration took) {
        return new ReconcileResult(Optional.of(result), Optional.empty(), now, Optional.of(now), took);
    }

    static ReconcileResult failed(Optional<ReconcileResult> before, String failure, Instant now, Duration took) {
        Instant since = before.filter(latest -> latest.failure().isPresent())
                .map(ReconcileResult::since)
                .orElse(now);
        return new ReconcileResult(
                before.flatMap(ReconcileResult::result),
                Optional.of(failure),
                since,
                before.flatMap(ReconcileResult::succeeded),
                took);
    }
}
