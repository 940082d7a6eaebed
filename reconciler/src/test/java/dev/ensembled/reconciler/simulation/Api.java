package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Revision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What the platform's API tells: objects, the controller's revision, budgets; now, and as caches still have it. */
final class Api {
    private static final int KEPT = 200;
    private static final long CONTROLLER_MS = 150;
    private static final long BUDGET_MS = 120;

    private final World world;
    private final Set<Integer> all;
    private final Deque<Snapshot> snapshots = new ArrayDeque<>();
    private Optional<Template> applied = Optional.empty();
    private Optional<Template> actual = Optional.empty();
    private Optional<Template> controller = Optional.empty();
    private long controllerNext = Node.NEVER;
    private boolean serviceEdited;
    private boolean ownBudget;
    private int allowed;
    private boolean budgetCurrent;
    private long budgetNext = Node.NEVER;
    private long foreignBudgetUntil;
    private long exhaustedUntil;
    private boolean changed = true;

    Api(World world) {
        this.world = world;
        this.all = world.nodes.stream().map(node -> node.id).collect(Collectors.toUnmodifiableSet());
    }

    /** Everything that a look reads from the API. */
    record Snapshot(
            long at,
            List<Optional<Instance>> instances,
            Optional<Template> applied,
            Optional<Template> actual,
            Optional<Template> controller,
            boolean serviceEdited,
            boolean ownBudget,
            List<Budget> budgets) {

        Optional<Revision> target() {
            return actual.equals(controller) ? controller.map(Template::revision) : Optional.empty();
        }

        List<ObjectState> objects(Template wanted) {
            boolean first = applied.isEmpty();
            List<ObjectState> objects = new ArrayList<>();
            objects.add(object("Service", first ? State.MISSING : serviceEdited ? State.DRIFTED : State.CURRENT));
            objects.add(
                    object("PodDisruptionBudget", first ? State.MISSING : ownBudget ? State.CURRENT : State.DRIFTED));
            objects.add(object("StatefulSet", template(wanted)));
            return objects;
        }

        private State template(Template wanted) {
            if (applied.isEmpty()) {
                return State.MISSING;
            }
            if (actual.equals(Optional.of(wanted))) {
                return State.CURRENT;
            }
            return actual.equals(applied) ? State.OUTDATED : State.DRIFTED;
        }

        private static ObjectState object(String kind, State state) {
            return new ObjectState(kind, "kafka", state, List.of(), "");
        }
    }

    Snapshot fresh() {
        publish();
        return snapshots.getLast();
    }

    /** As a cache has it that lags behind. */
    Snapshot asOf(long time) {
        publish();
        Iterator<Snapshot> newestFirst = snapshots.descendingIterator();
        Snapshot found = snapshots.getFirst();
        while (newestFirst.hasNext()) {
            Snapshot snapshot = newestFirst.next();
            if (snapshot.at() <= time) {
                return snapshot;
            }
        }
        return found;
    }

    void changed() {
        changed = true;
        budgetNext = Math.min(budgetNext, world.now() + BUDGET_MS);
    }

    void publish() {
        if (!changed && !snapshots.isEmpty()) {
            return;
        }
        changed = false;
        snapshots.addLast(new Snapshot(
                world.now(),
                world.nodes.stream().map(Node::instance).toList(),
                applied,
                actual,
                controller,
                serviceEdited,
                ownBudget,
                budgets()));
        if (snapshots.size() > KEPT) {
            snapshots.removeFirst();
        }
    }

    List<Budget> budgets() {
        List<Budget> budgets = new ArrayList<>();
        if (ownBudget) {
            budgets.add(new Budget("kafka-budget", all, allowed, budgetCurrent));
        }
        if (world.now() < foreignBudgetUntil) {
            budgets.add(new Budget("team-budget", all, 0, true));
        }
        return budgets;
    }

    void applied(Template template) {
        applied = Optional.of(template);
        if (!actual.equals(applied)) {
            actual = applied;
            controllerNext = world.now() + CONTROLLER_MS;
        }
        serviceEdited = false;
        if (!ownBudget) {
            ownBudget = true;
            budgetCurrent = false;
        }
        changed();
    }

    void startWhole(Template template) {
        applied(template);
        controller = actual;
        controllerNext = Node.NEVER;
        budgetCurrent = true;
    }

    boolean knowsNoTemplate() {
        return controller.isEmpty();
    }

    Template templateOfController() {
        return controller.orElseThrow();
    }

    long next() {
        return LongStream.of(controllerNext, budgetNext, foreignBudgetUntil, exhaustedUntil)
                .filter(time -> time > world.now())
                .min()
                .orElse(Node.NEVER);
    }

    /** What the controllers of the StatefulSet and of the budget do now. */
    void control() {
        if (world.now() >= controllerNext) {
            controllerNext = Node.NEVER;
            controller = actual;
            world.pods.createMissing();
            changed();
        }
        if (world.now() == foreignBudgetUntil || world.now() == exhaustedUntil) {
            changed();
        }
        if (world.now() >= budgetNext) {
            budgetNext = Node.NEVER;
            budgetCurrent = true;
            long ready = world.nodes.stream().filter(node -> node.ready).count();
            allowed = world.now() < exhaustedUntil ? 0 : (int) Math.max(0, ready - (all.size() - 1));
            changed = true;
        }
    }

    /** What the Eviction API says: empty if the pod may go, and then the budget has one less. */
    Optional<String> evict() {
        List<Budget> covering = budgets();
        if (covering.size() > 1) {
            return Optional.of("more than one budget");
        }
        if (!covering.isEmpty() && covering.get(0).disruptionsAllowed() < 1) {
            return Optional.of("budget " + covering.get(0).name() + " allows none");
        }
        allowed--;
        changed();
        return Optional.empty();
    }

    void editService() {
        serviceEdited = applied.isPresent();
        changed();
    }

    void editTemplate() {
        actual = actual.map(template -> new Template("edited:1", template.config(), template.heap()));
        controllerNext = actual.isPresent() ? world.now() + CONTROLLER_MS : Node.NEVER;
        changed();
    }

    void deleteBudget() {
        ownBudget = false;
        changed();
    }

    void addForeignBudget(long lasting) {
        foreignBudgetUntil = world.now() + lasting;
        changed();
    }

    void exhaustBudget(long lasting) {
        exhaustedUntil = world.now() + lasting;
        changed();
    }
}
