package dev.ensembled.driver;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.WaitsFor;
import java.time.Duration;
import java.time.Instant;

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

    /** How soon a replica that follows looks again: the one that leads reports what it changes. */
    Duration following(ReconcileCycle.Result result) {
        return result.status().isTrue("Ready") ? settled : blocked;
    }

    Duration after(ReconcileCycle.Result result, Instant now) {
        return result.decision().accept(new Decision.Visitor<>() {
            @Override
            public Duration visit(Decision.Act act) {
                return afterStep(result);
            }

            @Override
            public Duration visit(Decision.Wait wait) {
                return during(wait, now);
            }

            @Override
            public Duration visit(Decision.Stalled stalled) {
                return blocked;
            }

            @Override
            public Duration visit(Decision.Done done) {
                return settled;
            }

            @Override
            public Duration visit(Decision.Refused refused) {
                return blocked;
            }
        });
    }

    private Duration during(Decision.Wait wait, Instant now) {
        Duration open = wait.until()
                .map(until -> Duration.between(now, until).plusMillis(1))
                .filter(left -> !left.isNegative())
                .orElse(settled);
        Duration usual = usual(wait.gate().waitsFor());
        return open.compareTo(usual) < 0 ? open : usual;
    }

    private Duration usual(WaitsFor waitsFor) {
        return switch (waitsFor) {
            case SERVERS -> rolling;
            case CONTROLLERS -> blocked;
            case PEOPLE -> settled;
        };
    }

    private Duration afterStep(ReconcileCycle.Result result) {
        return result.outcome()
                .map(outcome -> outcome.accept(new Outcome.Visitor<Duration>() {
                    @Override
                    public Duration visit(Outcome.Applied applied) {
                        return Duration.ZERO;
                    }

                    @Override
                    public Duration visit(Outcome.Blocked refusal) {
                        return blocked;
                    }

                    /**
                     * Each failed test has cost two sessions: once a person must act, it is retried only at the settled
                     * interval.
                     */
                    @Override
                    public Duration visit(Outcome.SanityTestFailed failure) {
                        return result.stalled() ? settled : blocked;
                    }

                    @Override
                    public Duration visit(Outcome.Stale stale) {
                        return Duration.ZERO;
                    }
                }))
                .orElse(Duration.ZERO);
    }
}
