package dev.ensembled.metrics;

import dev.ensembled.driver.Driver;
import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts cycles, and shows the latest result of each ensemble while it exists. Thread-safe. */
final class CycleMetrics implements Driver.Listener {
    /** From a cycle that finds nothing to do, to the deadline of the slowest step. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2)
    };

    private final MeterRegistry registry;
    private final Map<EnsembleId, EnsembleMeters> ensembles = new ConcurrentHashMap<>();
    private final Timer successful;
    private final Timer failed;

    CycleMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.successful = timer("success");
        this.failed = timer("failure");
    }

    private Timer timer(String result) {
        return Timer.builder("ensembled.reconcile")
                .description("Duration of the reconcile cycles of all ensembles.")
                .tag("result", result)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    @Override
    public void seen(EnsembleId id, ReconcileResult latest) {
        (latest.failure().isEmpty() ? successful : failed).record(latest.took());
        EnsembleMeters before = ensembles.get(id);
        if (before == null) {
            ensembles.put(id, new EnsembleMeters(id, latest, registry));
        } else {
            before.seen(latest);
        }
    }

    @Override
    public void gone(EnsembleId id) {
        EnsembleMeters last = ensembles.remove(id);
        if (last != null) {
            last.remove();
        }
    }
}
