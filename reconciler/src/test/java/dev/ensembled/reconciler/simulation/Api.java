package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.observed.Budget;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What the platform's API tells: objects, the controller's revision, budgets; now, and as caches still have it. */
final class Api {
    private static final int KEPT = 200;
    private static final long CONTROLLER_MS = 150;

    private final World world;
    private final Budgets budgets;
    private final Deque<Seen> history = new ArrayDeque<>();
    private Optional<Template> applied = Optional.empty();
    private Optional<Template> actual = Optional.empty();
    private Optional<Template> controller = Optional.empty();
    private long controllerNext = Node.NEVER;
    private int replicas;
    private long bytesOfSet;
    private boolean serviceEdited;
    private boolean changed = true;

    Api(World world) {
        this.world = world;
        this.budgets = new Budgets(world);
    }

    Seen fresh() {
        publish();
        return history.getLast();
    }

    /** As a cache has it that lags behind. */
    Seen asOf(long time) {
        publish();
        Iterator<Seen> newestFirst = history.descendingIterator();
        Seen found = history.getFirst();
        while (newestFirst.hasNext()) {
            Seen seen = newestFirst.next();
            if (seen.at() <= time) {
                return seen;
            }
        }
        return found;
    }

    void changed() {
        changed = true;
        budgets.podsChanged();
    }

    void publish() {
        if (!changed && !history.isEmpty()) {
            return;
        }
        changed = false;
        history.addLast(new Seen(
                world.now(),
                world.nodes.stream().map(Node::instance).toList(),
                world.nodes.stream()
                        .map(node -> node.disk)
                        .filter(disk -> disk.claimed)
                        .map(Disk::volume)
                        .toList(),
                applied,
                actual,
                controller,
                controllerNext != Node.NEVER,
                replicas,
                bytesOfSet,
                serviceEdited,
                budgets.own(),
                budgets.all()));
        if (history.size() > KEPT) {
            history.removeFirst();
        }
    }

    List<Budget> budgets() {
        return budgets.all();
    }

    int replicas() {
        return replicas;
    }

    long bytesOfSet() {
        return bytesOfSet;
    }

    /** Everything is as wanted, but for the size of claims, which only a new set gets. */
    void apply(Template template, int places, long bytes) {
        boolean differs = !actual.equals(Optional.of(template)) || replicas != places;
        if (applied.isEmpty()) {
            bytesOfSet = bytes;
        }
        applied = Optional.of(template);
        actual = applied;
        serviceEdited = false;
        budgets.apply();
        if (differs) {
            scale(places);
        }
        changed();
    }

    /** Another number of places: their controller follows a moment later. */
    void scale(int places) {
        replicas = places;
        world.reach(places);
        controllerNext = world.now() + CONTROLLER_MS;
        changed();
    }

    /** The same set, by claims of another size. */
    void rebuild(long bytes) {
        bytesOfSet = bytes;
        controllerNext = world.now() + CONTROLLER_MS;
        changed();
    }

    void startWhole(Template template, int places, long bytes) {
        apply(template, places, bytes);
        controller = actual;
        controllerNext = Node.NEVER;
        budgets.podsChanged();
    }

    boolean knowsNoTemplate() {
        return controller.isEmpty();
    }

    Template templateOfController() {
        return controller.orElseThrow();
    }

    long next() {
        long next = budgets.next();
        return controllerNext > world.now() ? Math.min(next, controllerNext) : next;
    }

    /** What the controllers of the StatefulSet and of the budget do now. */
    void control() {
        if (world.now() >= controllerNext) {
            controllerNext = Node.NEVER;
            controller = actual;
            world.pods.createMissingAndEndSurplus(replicas);
            changed();
        }
        changed |= budgets.control(replicas);
    }

    Optional<String> evict(Node node) {
        Optional<String> refusal = budgets.evict(node);
        changed |= refusal.isEmpty();
        return refusal;
    }

    void editService() {
        serviceEdited = applied.isPresent();
        changed();
    }

    void editTemplate() {
        actual = actual.map(Template::edited);
        controllerNext = actual.isPresent() ? world.now() + CONTROLLER_MS : Node.NEVER;
        changed();
    }

    void deleteBudget() {
        budgets.delete();
        changed();
    }

    /** Everything that ensembled made goes, but the claims. */
    void deleteObjects() {
        applied = Optional.empty();
        actual = Optional.empty();
        controller = Optional.empty();
        replicas = 0;
        controllerNext = Node.NEVER;
        budgets.delete();
        world.nodes.forEach(world.pods::terminate);
        changed();
    }

    void addForeignBudget(long lasting) {
        budgets.addForeign(lasting);
        changed();
    }

    void exhaustBudget(long lasting) {
        budgets.exhaust(lasting);
        changed();
    }
}
