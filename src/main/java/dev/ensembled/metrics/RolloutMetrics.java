package dev.ensembled.metrics;

import dev.ensembled.progress.ClosedGate;
import dev.ensembled.progress.ProgressListener;
import dev.ensembled.progress.RestartPhase;
import dev.ensembled.progress.RolloutSummary;
import dev.ensembled.progress.Subject;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Attempt;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Counts what rollouts do, by ensemble; what restarts take, for all ensembles together. Thread-safe. */
final class RolloutMetrics implements ProgressListener {
    private static final double MILLIS = 1000;

    /** From a process that ends at once, to a server that reads a large snapshot. */
    private static final Duration[] BUCKETS = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15)
    };

    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<EnsembleId, OfEnsemble> ensembles = new ConcurrentHashMap<>();
    private final Map<RestartPhase, Timer> phases = new EnumMap<>(RestartPhase.class);

    RolloutMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        for (RestartPhase phase : RestartPhase.values()) {
            phases.put(
                    phase,
                    Timer.builder("ensembled.restart")
                            .description(
                                    "Time from the step that restarts a member until a phase of the restart is reached.")
                            .tag("phase", phase.name().toLowerCase(Locale.ROOT))
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
    }

    /** The meters of one ensemble, which are removed with it. */
    private final class OfEnsemble {
        private final Tags tags;
        private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();
        private final Map<Gate, GateTime> gates = new ConcurrentHashMap<>();
        private final Timer rollouts;
        private volatile Optional<Instant> acceptedAt = Optional.empty();

        OfEnsemble(EnsembleId id) {
            this.tags = EnsembleTags.of(id);
            this.rollouts = added(Timer.builder("ensembled.rollout")
                    .description("Duration of the rollouts that are done.")
                    .tags(tags)
                    .register(registry));
            added(Gauge.builder("ensembled.unapplied.spec.age", () -> acceptedAt
                            .map(since ->
                                    Duration.between(since, clock.instant()).toMillis() / MILLIS)
                            .orElse(0.0))
                    .description("How long the newest spec has been rolled out; 0 if it is carried out.")
                    .baseUnit("seconds")
                    .tags(tags)
                    .register(registry));
        }

        GateTime gate(Gate gate) {
            return gates.computeIfAbsent(gate, one -> {
                GateTime time = new GateTime(clock);
                Tags labels = tags.and(
                        "gate",
                        one.toString(),
                        "waits_for",
                        one.waitsFor().name().toLowerCase(Locale.ROOT));
                added(FunctionCounter.builder("ensembled.gate.closed", time, GateTime::seconds)
                        .description("How long the gate has held the ensemble, all times together.")
                        .baseUnit("seconds")
                        .tags(labels)
                        .register(registry));
                added(Gauge.builder("ensembled.gate", time, each -> each.isClosed() ? 1 : 0)
                        .description("1 while the gate holds the ensemble, else 0.")
                        .tags(labels)
                        .register(registry));
                added(Gauge.builder("ensembled.gate.stalled", time, each -> each.isStalled() ? 1 : 0)
                        .description("1 while the gate holds the ensemble until a person acts, else 0.")
                        .tags(labels)
                        .register(registry));
                return time;
            });
        }

        Counter counter(String name, String description, String... labels) {
            return added(Counter.builder(name)
                    .description(description)
                    .tags(tags.and(labels))
                    .register(registry));
        }

        private <M extends Meter> M added(M meter) {
            if (!meters.contains(meter)) {
                meters.add(meter);
            }
            return meter;
        }

        void remove() {
            meters.forEach(registry::remove);
        }
    }

    private OfEnsemble of(Subject subject) {
        return ensembles.computeIfAbsent(subject.ensemble(), OfEnsemble::new);
    }

    @Override
    public void firstSeen(EnsembleId ensemble) {
        ensembles.computeIfAbsent(ensemble, OfEnsemble::new);
    }

    @Override
    public void rolloutBegan(Subject subject, boolean foundInProgress) {
        of(subject).acceptedAt = Optional.of(clock.instant());
    }

    @Override
    public void rolloutRetargeted(Subject subject) {
        of(subject).acceptedAt = Optional.of(clock.instant());
    }

    @Override
    public void stepTried(Subject subject, Attempt attempt, Optional<String> role) {
        OfEnsemble ensemble = of(subject);
        ensemble.counter(
                        "ensembled.steps",
                        "Steps that were tried; the same outcome in a row counts once, unless the step was taken.",
                        "step",
                        attempt.step().reason(),
                        "outcome",
                        attempt.outcome().word())
                .increment();
        if (attempt.outcome().isApplied()) {
            drifted(attempt.step().objects()).forEach(kind -> ensemble.counter(
                            "ensembled.drift.repairs",
                            "Objects that were restored after another manager had changed them.",
                            "kind",
                            kind)
                    .increment());
        }
    }

    private static List<String> drifted(List<ObjectState> objects) {
        return objects.stream()
                .filter(object -> object.state() == ObjectState.State.DRIFTED)
                .map(ObjectState::kind)
                .toList();
    }

    @Override
    public void restartReached(Subject subject, int member, RestartPhase phase, Duration took) {
        phases.get(phase).record(took);
    }

    @Override
    public void gateClosed(Subject subject, ClosedGate gate, Optional<ClosedGate> before) {
        before.filter(other -> other.gate() != gate.gate())
                .ifPresent(other -> of(subject).gate(other.gate()).open());
        of(subject).gate(gate.gate()).close(gate.stalled());
    }

    @Override
    public void gateOpened(Subject subject, ClosedGate gate, Duration closedFor) {
        of(subject).gate(gate.gate()).open();
    }

    @Override
    public void rolloutDone(Subject subject, RolloutSummary summary) {
        of(subject).rollouts.record(summary.took());
        of(subject).acceptedAt = Optional.empty();
    }

    @Override
    public void removed(EnsembleId ensemble) {
        OfEnsemble last = ensembles.remove(ensemble);
        if (last != null) {
            last.remove();
        }
    }
}
