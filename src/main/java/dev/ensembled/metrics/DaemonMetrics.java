package dev.ensembled.metrics;

import dev.ensembled.daemon.Daemon;
import dev.ensembled.daemon.Notifications;
import dev.ensembled.git.GitSource.Fetches;
import dev.ensembled.git.GitState;
import dev.ensembled.progress.ProgressTracker;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Registers all meters when the daemon is assembled. */
@ApplicationScoped
public class DaemonMetrics {
    private static final int AFTER_NOTIFICATIONS = 3;
    private static final double MILLIS = 1000;

    private final Daemon daemon;
    private final Notifications notifications;
    private final MeterRegistry registry;

    DaemonMetrics(Daemon daemon, Notifications notifications, MeterRegistry registry) {
        this.daemon = daemon;
        this.notifications = notifications;
        this.registry = registry;
    }

    void start(@Observes @Priority(AFTER_NOTIFICATIONS) StartupEvent event) {
        if (daemon.runs()) {
            daemon.listen(new CycleMetrics(registry));
            daemon.listen(new ProgressTracker(new RolloutMetrics(registry, Clock.systemUTC())));
            queues();
            daemon.sources().keySet().forEach(this::source);
        }
    }

    private void queues() {
        Gauge.builder("ensembled.leader", daemon, each -> each.leads() ? 1 : 0)
                .description("1 if this replica leads, 0 if it follows.")
                .register(registry);
        Gauge.builder("ensembled.queue.depth", daemon, Daemon::waiting)
                .description("Ensembles that are due and wait for a worker.")
                .register(registry);
        TimeGauge.builder("ensembled.queue.oldest", daemon, TimeUnit.MILLISECONDS, each -> each.longestWait()
                        .toMillis())
                .description("How long the first of them has been waiting; 0 if none waits.")
                .register(registry);
        daemon.forgeQueues().keySet().forEach(source -> Gauge.builder(
                        "ensembled.forge.queue.depth", daemon, each -> each.forgeQueues()
                                .getOrDefault(source, 0))
                .description("Comments and statuses that wait to be written to the forge of a source.")
                .tag("source", source)
                .register(registry));
        notifications.waiting().keySet().forEach(receiver -> Gauge.builder(
                        "ensembled.notification.queue.depth", notifications, each -> each.waiting()
                                .getOrDefault(receiver, 0))
                .description("Notifications that are not delivered yet.")
                .tag("receiver", receiver)
                .register(registry));
    }

    private void source(String name) {
        Tags tags = Tags.of("source", name);
        fetches(name, tags.and("result", "success"), Fetches::successful);
        fetches(name, tags.and("result", "failure"), Fetches::failed);
        FunctionCounter.builder(
                        "ensembled.source.fetch",
                        daemon,
                        each -> fetches(name).took().toMillis() / MILLIS)
                .description("Time that all fetches of a source took together.")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
        Gauge.builder("ensembled.source.last.successful.fetch.timestamp", daemon, each -> state(name)
                        .lastSuccess()
                        .map(time -> time.toEpochMilli() / MILLIS)
                        .orElse(Double.NaN))
                .description("When a fetch of a source last succeeded, as Unix time.")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
        gauge(name, tags, "violations", "Violations in the files of a source.", state -> state.violations()
                .size());
        gauge(name, tags, "ensembles", "Ensembles of a source.", state -> state.ensembles()
                .size());
        gauge(
                name,
                tags,
                "ensembles.unsynced",
                "Ensembles of a source that do not follow their file: held, orphaned, not stored, or to be removed.",
                state -> state.unsyncedEnsembles().size());
    }

    private void fetches(String name, Tags tags, ToDoubleFunction<Fetches> count) {
        FunctionCounter.builder("ensembled.source.fetches", daemon, each -> count.applyAsDouble(fetches(name)))
                .description("Fetches of a source.")
                .tags(tags)
                .register(registry);
    }

    private void gauge(String name, Tags tags, String suffix, String description, ToDoubleFunction<GitState> value) {
        Gauge.builder("ensembled.source." + suffix, daemon, each -> value.applyAsDouble(state(name)))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private GitState state(String name) {
        return daemon.sources().get(name);
    }

    private Fetches fetches(String name) {
        return daemon.fetches().get(name);
    }
}
