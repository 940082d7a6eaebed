package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The disruption budgets, their controller, and the Eviction API that asks them. */
final class Budgets {
    private static final long BUDGET_MS = 120;
    private final World world;
    private boolean own;
    private int allowed;
    /** Whether no more pods are missing than may be. */
    private boolean enough;

    private boolean current;
    private long next = Node.NEVER;
    private long foreignUntil;
    private long exhaustedUntil;

    Budgets(World world) {
        this.world = world;
    }

    boolean own() {
        return own;
    }

    List<Budget> all() {
        Set<Integer> everybody = world.nodes.stream().map(node -> node.id).collect(Collectors.toUnmodifiableSet());
        List<Budget> budgets = new ArrayList<>();
        if (own) {
            budgets.add(new Budget("kafka-budget", everybody, allowed, current));
        }
        if (world.now() < foreignUntil) {
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
        next = Math.min(next, world.now() + BUDGET_MS);
    }

    long next() {
        return later(foreignUntil, later(exhaustedUntil, later(next, Node.NEVER)));
    }

    private long later(long time, long other) {
        return time > world.now() ? Math.min(time, other) : other;
    }

    /** What their controller does now; whether something changed. */
    boolean control(int replicas) {
        boolean changed = world.now() == foreignUntil || world.now() == exhaustedUntil;
        if (changed) {
            podsChanged();
        }
        if (world.now() >= next) {
            next = Node.NEVER;
            current = true;
            long ready = world.nodes.stream().filter(node -> node.ready).count();
            enough = ready >= replicas - 1;
            allowed = world.now() < exhaustedUntil ? 0 : (int) Math.max(0, ready - (replicas - 1));
            changed = true;
        }
        return changed;
    }

    /** What the Eviction API says: empty if the pod may go, and then the budget has one less. */
    Optional<String> evict(Node node) {
        List<Budget> covering = all();
        if (covering.size() > 1) {
            return Optional.of("more than one budget");
        }
        if (!node.ready && mayGoUnready()) {
            podsChanged();
            return Optional.empty();
        }
        if (!covering.isEmpty() && covering.get(0).disruptionsAllowed() < 1) {
            return Optional.of("budget " + covering.get(0).name() + " allows none");
        }
        allowed--;
        podsChanged();
        return Optional.empty();
    }

    /** A pod that is not ready is a disruption already, and may go unless too many others are (IfHealthyBudget). */
    private boolean mayGoUnready() {
        return own && current && enough && world.now() >= foreignUntil && world.now() >= exhaustedUntil;
    }

    void addForeign(long lasting) {
        foreignUntil = world.now() + lasting;
    }

    void exhaust(long lasting) {
        exhaustedUntil = world.now() + lasting;
    }
}
