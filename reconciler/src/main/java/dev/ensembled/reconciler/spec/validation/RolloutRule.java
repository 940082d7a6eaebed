package dev.ensembled.reconciler.spec.validation;

import dev.ensembled.reconciler.spec.model.DurationText;
import dev.ensembled.reconciler.spec.model.RolloutSpec;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.Optional;

/** The times of a rollout are consistent with each other. */
public final class RolloutRule implements SpecRule {
    private static final Duration DEFAULT_SETTLE = RolloutSpec.DEFAULT.settle();
    private static final Duration DEFAULT_DEADLINE = RolloutSpec.DEFAULT.progressDeadline();

    @Override
    public void check(Mapping spec, Findings findings) {
        Optional<Scalar> settle = spec.scalar("rollout", "settle");
        Optional<Scalar> deadline = spec.scalar("rollout", "progressDeadline");
        Optional<Duration> settleTime = time(settle, DEFAULT_SETTLE);
        Optional<Duration> deadlineTime = time(deadline, DEFAULT_DEADLINE);
        if (settleTime.isEmpty() || deadlineTime.isEmpty() || deadlineTime.get().compareTo(settleTime.get()) > 0) {
            return;
        }
        Scalar written = deadline.or(() -> settle).orElseThrow();
        findings.violation(
                written.location(),
                deadline.isPresent() ? "spec.rollout.progressDeadline" : "spec.rollout.settle",
                "progressDeadline (%s) must be longer than settle (%s): a restarted member must settle before the deadline"
                        .formatted(DurationText.format(deadlineTime.get()), DurationText.format(settleTime.get())));
    }

    private static Optional<Duration> time(Optional<Scalar> scalar, Duration otherwise) {
        return scalar.isEmpty()
                ? Optional.of(otherwise)
                : DurationText.parse(scalar.get().text());
    }
}
