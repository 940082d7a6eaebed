package dev.ensembled.driver;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.WaitsFor;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How soon an ensemble is reconciled again when no change of it is reported. Servers change their roles without a
 * notification, so they are polled often while a step waits for them, and rarely otherwise.
 *
 * @param rolling while a gate waits for servers
 * @param blocked while a gate waits for controllers, or a person must act
 * @param settled when there is nothing to do until a person acts or a scheduled time is reached
 */
public record RequeuePolicy(Duration rolling, Duration blocked, Duration settled) {

    /** Seconds for what is slow; a quarter of a second for what would prolong a rollout. */
    public static final RequeuePolicy DEFAULT =
            new RequeuePolicy(Duration.ofMillis(250), Duration.ofSeconds(2), Duration.ofSeconds(15));

    Duration after(ReconcileCycle.Result result, Instant now) {
        Decision decision = result.decision();
        if (decision instanceof Decision.Act) {
            return afterStep(result);
        }
        if (decision instanceof Decision.Wait wait) {
            Duration open = wait.until()
                    .map(until -> Duration.between(now, until).plusMillis(1))
                    .filter(left -> !left.isNegative())
                    .orElse(settled);
            Duration usual = usual(wait.gate().waitsFor());
            return open.compareTo(usual) < 0 ? open : usual;
        }
        return decision instanceof Decision.Done ? settled : blocked;
    }

    private Duration usual(WaitsFor waitsFor) {
        return switch (waitsFor) {
            case SERVERS -> rolling;
            case CONTROLLERS -> blocked;
            case PEOPLE -> settled;
        };
    }

    /**
     * Each failed sanity test has cost two sessions: once a person must act, it is retried only at the settled interval.
     */
    private Duration afterStep(ReconcileCycle.Result result) {
        Optional<Outcome> outcome = result.outcome();
        if (outcome.filter(Outcome.SanityTestFailed.class::isInstance).isPresent()) {
            return result.stalled() ? settled : blocked;
        }
        return outcome.filter(Outcome.Blocked.class::isInstance).isPresent() ? blocked : Duration.ZERO;
    }
}
