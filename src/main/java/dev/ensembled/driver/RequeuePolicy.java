package dev.ensembled.driver;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.WaitsFor;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How soon to look at an ensemble again when nothing tells that it changed. Servers change their roles without telling
 * anybody, so they are asked often while a step waits for them, and seldom otherwise.
 *
 * @param rolling while a gate waits for servers
 * @param blocked while a gate waits for somebody else, or a person must act
 * @param settled when there is nothing to do before a person acts or the calendar says so
 */
public record RequeuePolicy(Duration rolling, Duration blocked, Duration settled) {

    /** Whole seconds for what is slow, a quarter of one for what makes a roll take longer. */
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

    /** Each sanity test that fails has cost two sessions: once a person has to act, it is tried as seldom as nothing else. */
    private Duration afterStep(ReconcileCycle.Result result) {
        Optional<Outcome> outcome = result.outcome();
        if (outcome.filter(Outcome.SanityTestFailed.class::isInstance).isPresent()) {
            return result.stalled() ? settled : blocked;
        }
        return outcome.filter(Outcome.Blocked.class::isInstance).isPresent() ? blocked : Duration.ZERO;
    }
}
