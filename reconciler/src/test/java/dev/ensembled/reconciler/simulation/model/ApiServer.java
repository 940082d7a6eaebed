package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Revision;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The API server with the controllers of StatefulSet and budget. Keeps earlier states, which the daemon's caches return. */
public final class ApiServer {
    private static final int MAX_SNAPSHOTS = 200;
    private static final long CONTROLLER_MS = 150;

    private final ModelCluster cluster;
    private final DisruptionBudgets budgets;
    private final Deque<ApiSnapshot> history = new ArrayDeque<>();
    private Optional<ModelTemplate> applied = Optional.empty();
    private Optional<ModelTemplate> actual = Optional.empty();
    private Optional<ModelTemplate> computed = Optional.empty();
    private Optional<Revision> revision = Optional.empty();
    private long controllerActionAt = ModelMember.NEVER;
    private int replicas;
    private long claimTemplateBytes;
    private boolean serviceEdited;
    private boolean changed = true;

    ApiServer(ModelCluster cluster) {
        this.cluster = cluster;
        this.budgets = new DisruptionBudgets(cluster);
    }

    public ApiSnapshot fresh() {
        publish();
        return history.getLast();
    }

    /** The state that a cache returns which is current as of this time. */
    public ApiSnapshot asOf(long time) {
        publish();
        Iterator<ApiSnapshot> newestFirst = history.descendingIterator();
        ApiSnapshot oldest = history.getFirst();
        while (newestFirst.hasNext()) {
            ApiSnapshot snapshot = newestFirst.next();
            if (snapshot.at() <= time) {
                return snapshot;
            }
        }
        return oldest;
    }

    public void changed() {
        changed = true;
        budgets.podsChanged();
    }

    void publish() {
        if (!changed && !history.isEmpty()) {
            return;
        }
        changed = false;
        history.addLast(new ApiSnapshot(
                cluster.now(),
                cluster.members.stream().map(ModelMember::instance).toList(),
                cluster.members.stream()
                        .map(member -> member.disk)
                        .filter(disk -> disk.hasClaim)
                        .map(Disk::volume)
                        .toList(),
                applied,
                actual,
                revision,
                controllerActionAt != ModelMember.NEVER,
                replicas,
                claimTemplateBytes,
                serviceEdited,
                budgets.own(),
                budgets.all()));
        if (history.size() > MAX_SNAPSHOTS) {
            history.removeFirst();
        }
    }

    public List<Budget> budgets() {
        return budgets.all();
    }

    public int replicas() {
        return replicas;
    }

    long claimTemplateBytes() {
        return claimTemplateBytes;
    }

    /** Applies all objects. The size in the volumeClaimTemplate is immutable: it takes effect for a new StatefulSet only. */
    public void apply(ModelTemplate template, int wantedReplicas, long bytes) {
        boolean differs = !actual.equals(Optional.of(template)) || replicas != wantedReplicas;
        if (applied.isEmpty()) {
            claimTemplateBytes = bytes;
        }
        applied = Optional.of(template);
        actual = applied;
        serviceEdited = false;
        budgets.apply();
        if (differs) {
            scale(wantedReplicas);
        }
        changed();
    }

    /** Sets the number of replicas; the controller follows with a delay. */
    public void scale(int wantedReplicas) {
        replicas = wantedReplicas;
        cluster.ensureMembers(wantedReplicas);
        controllerActionAt = cluster.now() + CONTROLLER_MS;
        changed();
    }

    /** Recreates the StatefulSet with another size in its volumeClaimTemplate. */
    public void recreateStatefulSet(long bytes) {
        claimTemplateBytes = bytes;
        controllerActionAt = cluster.now() + CONTROLLER_MS;
        changed();
    }

    void startHealthy(ModelTemplate template, int wantedReplicas, long bytes) {
        apply(template, wantedReplicas, bytes);
        compute(actual);
        controllerActionAt = ModelMember.NEVER;
        budgets.podsChanged();
    }

    boolean hasNoTemplate() {
        return computed.isEmpty();
    }

    ModelTemplate templateOfController() {
        return computed.orElseThrow();
    }

    long nextActionAt() {
        long next = budgets.nextActionAt();
        return controllerActionAt > cluster.now() ? Math.min(next, controllerActionAt) : next;
    }

    private void compute(Optional<ModelTemplate> template) {
        computed = template;
        revision = template.map(ModelTemplate::revision);
    }

    /** Runs the controllers that are due. */
    void runControllers() {
        if (cluster.now() >= controllerActionAt) {
            controllerActionAt = ModelMember.NEVER;
            compute(actual);
            cluster.pods.reconcilePods(replicas);
            changed();
        }
        changed |= budgets.runController(replicas);
    }

    public Optional<String> evict(ModelMember member) {
        Optional<String> refusal = budgets.evict(member);
        changed |= refusal.isEmpty();
        return refusal;
    }

    void editService() {
        serviceEdited = applied.isPresent();
        changed();
    }

    void editTemplate() {
        actual = actual.map(ModelTemplate::edited);
        controllerActionAt = actual.isPresent() ? cluster.now() + CONTROLLER_MS : ModelMember.NEVER;
        changed();
    }

    void deleteBudget() {
        budgets.delete();
        changed();
    }

    /** Deletes everything that ensembled created, except the claims. */
    void deleteObjects() {
        applied = Optional.empty();
        actual = Optional.empty();
        compute(Optional.empty());
        replicas = 0;
        controllerActionAt = ModelMember.NEVER;
        budgets.delete();
        cluster.members.forEach(cluster.pods::terminate);
        changed();
    }

    void addForeignBudget(long duration) {
        budgets.addForeign(duration);
        changed();
    }

    void exhaustBudget(long duration) {
        budgets.exhaust(duration);
        changed();
    }
}
