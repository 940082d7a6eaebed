package dev.ensembled.driver;

import dev.ensembled.reconciler.cycle.ReconcileCycle;
import java.time.Instant;
import java.util.Optional;

/**
 * What the driver knows of one ensemble, for health, pages and the terminal.
 *
 * @param result of the last cycle that ended well; empty before the first
 * @param failure why the cycles since then failed; empty if the last one ended well
 * @param since since when they fail, or since when the result is of
 */
public record ReconcileResult(Optional<ReconcileCycle.Result> result, Optional<String> failure, Instant since) {

    static ReconcileResult of(ReconcileCycle.Result result, Instant now) {
        return new ReconcileResult(Optional.of(result), Optional.empty(), now);
    }

    static ReconcileResult failed(Optional<ReconcileResult> before, String failure, Instant now) {
        Instant since = before.filter(latest -> latest.failure().isPresent())
                .map(ReconcileResult::since)
                .orElse(now);
        return new ReconcileResult(before.flatMap(ReconcileResult::result), Optional.of(failure), since);
    }
}
