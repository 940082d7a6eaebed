package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The disruption budgets, their controller, and the Eviction API. */
final class DisruptionBudgets {
    private static final long BUDGET_MS = 120;
    private final ModelCluster cluster;
    private boolean own;
    private int allowed;
    /** Whether at least the required number of pods is healthy. */
    private boolean enough;

    private boolean current;
    private long next = ModelMember.NEVER;
    private long foreignUntil;
    private long exhaustedUntil;

    DisruptionBudgets(ModelCluster cluster) {
        this.cluster = cluster;
    }

    boolean own() {
        return own;
    }

    List<Budget> all() {
        Set<Integer> everybody =
                cluster.members.stream().map(member -> member.id).collect(Collectors.toUnmodifiableSet());
        List<Budget> budgets = new ArrayList<>();
        if (own) {
            budgets.add(new Budget("kafka-budget", everybody, allowed, current));
        }
        if (cluster.now() < foreignUntil) {
            budgets.add(new Budget("team-budget", everybody, 0, true));
        }
        return budgets;
    }

    void apply() {
        if (!own) {
            own = true;
            current = false;
        }
    }

    void delete() {
        own = false;
    }

    void podsChanged() {
        next = Math.min(next, cluster.now() + BUDGET_MS);
    }

    long nextActionAt() {
        return later(foreignUntil, later(exhaustedUntil, later(next, ModelMember.NEVER)));
    }

    private long later(long time, long other) {
        return time > cluster.now() ? Math.min(time, other) : other;
    }

    /** Runs the disruption controller if it is due; returns whether something changed. */
    boolean runController(int replicas) {
        boolean changed = cluster.now() == foreignUntil || cluster.now() == exhaustedUntil;
        if (changed) {
            podsChanged();
        }
        if (cluster.now() >= next) {
            next = ModelMember.NEVER;
            current = true;
            long ready = cluster.members.stream().filter(member -> member.ready).count();
            enough = ready >= replicas - 1;
            allowed = cluster.now() < exhaustedUntil ? 0 : (int) Math.max(0, ready - (replicas - 1));
            changed = true;
        }
        return changed;
    }

    /** Asks the Eviction API: empty if it grants the eviction, which uses up one allowed disruption; else the refusal. */
    Optional<String> evict(ModelMember member) {
        List<Budget> covering = all();
        if (covering.size() > 1) {
            return Optional.of("more than one budget");
        }
        if (!member.ready && mayGoUnready()) {
            podsChanged();
            return Optional.empty();
        }
        if (!covering.isEmpty() && covering.get(0).disruptionsAllowed() < 1) {
            return Optional.of("budget " + covering.get(0).name() + " allows no disruption");
        }
        allowed--;
        podsChanged();
        return Optional.empty();
    }

    /** Whether an unready pod may be evicted: by the policy IfHealthyBudget, if enough other pods are healthy. */
    private boolean mayGoUnready() {
        return own && current && enough && cluster.now() >= foreignUntil && cluster.now() >= exhaustedUntil;
    }

    void addForeign(long duration) {
        foreignUntil = cluster.now() + duration;
    }

    void exhaust(long duration) {
        exhaustedUntil = cluster.now() + duration;
    }
}
