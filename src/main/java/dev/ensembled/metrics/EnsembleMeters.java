package dev.ensembled.metrics;

import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Server.Serving;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one ensemble that show its latest result, from its first cycle until it is gone. A result is given by one thread
 * at a time, and read by the threads that answer a scrape.
 */
final class EnsembleMeters {
    /** The low half of a zxid counts the transactions of one leader; the high half is the epoch of that leader. */
    private static final int EPOCH_BITS = 32;

    private static final double MILLIS = 1000;
    private static final List<String> CONDITIONS = List.of("Ready", "Reconciling", "Stalled", "Available");

    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();
    private final MultiGauge roles;
    private final MultiGauge lags;
    private final Counter leaderChanges;
    private volatile ReconcileResult latest;
    private Map<Integer, String> shown = Map.of();
    private Optional<Integer> leader = Optional.empty();

    EnsembleMeters(EnsembleId id, ReconcileResult first, MeterRegistry registry) {
        this.registry = registry;
        this.latest = first;
        Tags tags = EnsembleTags.of(id);
        for (String type : CONDITIONS) {
            gauge(
                    "ensembled.ensemble.condition",
                    "1 while the condition of the ensemble is True, else 0.",
                    tags.and("type", type),
                    result -> result.status().isTrue(type) ? 1 : 0);
        }
        gauge(
                "ensembled.ensemble.bootstrapped",
                "1 since the ensemble has served with all its members for the first time, else 0.",
                tags,
                result -> result.status().wasBootstrapped() ? 1 : 0);
        gauge("ensembled.members", "Members that exist or should exist.", tags, result -> result.observed()
                .members()
                .size());
        gauge(
                "ensembled.members.healthy",
                "Members that serve, and are ready.",
                tags,
                result -> result.observed().members().stream()
                        .filter(Member::isHealthy)
                        .count());
        gauge(
                "ensembled.members.outdated",
                "Members that do not run the wanted revision yet.",
                tags,
                result -> result.status().outdated());
        meters.add(Gauge.builder(
                        "ensembled.last.successful.reconcile.timestamp",
                        () -> latest.succeeded().map(EnsembleMeters::seconds).orElse(Double.NaN))
                .description("When the last successful reconcile cycle ended, as Unix time.")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry));
        leaderChanges = Counter.builder("ensembled.leader.changes")
                .description("How often another member was seen to lead.")
                .tags(tags)
                .register(registry);
        meters.add(leaderChanges);
        roles = MultiGauge.builder("ensembled.member.role")
                .description("1 for the role that the server of a member reports: leader, follower or observer.")
                .tags(tags)
                .register(registry);
        lags = MultiGauge.builder("ensembled.member.zxid.lag")
                .description(
                        "Transactions that the leader had processed and this member had not, when they were last read.")
                .tags(tags)
                .register(registry);
        seen(first);
    }

    void seen(ReconcileResult result) {
        latest = result;
        if (result.failure().isEmpty()) {
            result.result().ifPresent(this::seen);
        }
    }

    private void seen(ReconcileCycle.Result result) {
        Map<Integer, String> now = new TreeMap<>();
        for (Member member : result.observed().members()) {
            member.server().serving().ifPresent(serving -> now.put(member.id(), serving.describe()));
        }
        Optional<Integer> leads = result.observed().leader().map(Member::id);
        if (leads.isPresent()) {
            if (leader.isPresent() && !leader.equals(leads)) {
                leaderChanges.increment();
            }
            leader = leads;
        }
        if (!now.equals(shown)) {
            shown = now;
            roles.register(
                    now.entrySet().stream()
                            .map(one -> MultiGauge.Row.of(member(one.getKey()).and("role", one.getValue()), () -> 1))
                            .toList(),
                    true);
            lags.register(
                    now.keySet().stream()
                            .map(one -> MultiGauge.Row.of(member(one), () -> lag(one)))
                            .toList(),
                    true);
        }
    }

    /** Removes all meters of the ensemble. */
    void remove() {
        roles.register(List.of(), true);
        lags.register(List.of(), true);
        meters.forEach(registry::remove);
    }

    private void gauge(String name, String description, Tags tags, ToDoubleFunction<ReconcileCycle.Result> value) {
        meters.add(Gauge.builder(
                        name, () -> latest.result().map(value::applyAsDouble).orElse(Double.NaN))
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private static Tags member(int id) {
        return Tags.of("member", Integer.toString(id));
    }

    /** Not a number while there is no leader, or the member has not processed a transaction of this leader's epoch. */
    private double lag(int member) {
        Optional<Observed> seen = latest.result().map(ReconcileCycle.Result::observed);
        Optional<Long> ahead = seen.flatMap(Observed::leader).flatMap(EnsembleMeters::zxid);
        Optional<Long> reached = seen.flatMap(observed -> observed.members().stream()
                        .filter(each -> each.id() == member)
                        .findFirst())
                .flatMap(EnsembleMeters::zxid);
        return ahead.isPresent() && reached.isPresent() && epoch(ahead.get()) == epoch(reached.get())
                ? Math.max(0, ahead.get() - reached.get())
                : Double.NaN;
    }

    private static Optional<Long> zxid(Member member) {
        return member.server().serving().map(Serving::zxid);
    }

    private static long epoch(long zxid) {
        return zxid >>> EPOCH_BITS;
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / MILLIS;
    }
}
