package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.simulation.Incident.Kind;
import dev.ensembled.reconciler.spec.EnsembleId;
import dev.ensembled.reconciler.spec.EnsembleSpec;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import dev.ensembled.reconciler.spec.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.ZooKeeperEnsemble;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The store of the model world, with one ensemble, and what people push to it. */
final class ModelStore implements EnsembleStore {
    static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    static final Duration SETTLE = Duration.ofSeconds(2);
    static final Duration MEMBER_TIMEOUT = Duration.ofSeconds(60);
    private final World world;
    private final Calls calls;
    private EnsembleSpec spec;
    private EnsembleSpec before;
    private int pushes;
    private long editedUntil;
    private EnsembleStatus status = EnsembleStatus.empty();

    ModelStore(World world, Calls calls, History history) {
        this.world = world;
        this.calls = calls;
        this.spec = spec("zookeeper:1", "first", "1Gi", history.voters(), history.observers(), false);
        this.before = spec;
    }

    private static EnsembleSpec spec(
            String image, String tuning, String heap, int voters, int observers, boolean paused) {
        return new EnsembleSpec(
                "3.9.5",
                image,
                voters,
                observers,
                Map.of("tuning", tuning),
                new EnsembleSpec.Jvm(heap, null),
                null,
                null,
                null,
                null,
                new EnsembleSpec.Rollout(paused, SETTLE, MEMBER_TIMEOUT, null, null, null, null),
                null,
                null,
                null);
    }

    EnsembleSpec spec() {
        return spec;
    }

    Template template() {
        return Template.of(spec);
    }

    EnsembleStatus status() {
        return status;
    }

    boolean edited() {
        return world.now() < editedUntil;
    }

    void edit(long lasting) {
        editedUntil = world.now() + lasting;
    }

    void push(Kind kind) {
        pushes++;
        EnsembleSpec pushed = kind == Kind.REVERT ? before : changed(kind, "push " + pushes);
        before = spec;
        spec = pushed;
    }

    private EnsembleSpec changed(Kind kind, String word) {
        String image = spec.image();
        String tuning = spec.config().get("tuning");
        String heap = spec.jvm().heap();
        int voters = spec.voters();
        boolean paused = spec.rollout().paused();
        switch (kind) {
            case PUSH_CONFIG -> tuning = word;
            case PUSH_IMAGE -> image = "zookeeper:" + word;
            case PUSH_BAD_IMAGE -> image = Template.CANNOT_BE_PULLED;
            case PUSH_BAD_CONFIG -> tuning = Template.FINDS_NO_PEERS;
            case PUSH_CRASHING -> heap = Template.TOO_SMALL;
            case PUSH_PAUSE -> paused = !paused;
            case PUSH_VOTERS -> voters += 2;
            default -> {}
        }
        return spec(image, tuning, heap, voters, spec.observers(), paused);
    }

    @Override
    public Optional<Accepted> get(EnsembleId id) {
        return calls.call(() ->
                Optional.of(new Accepted(id, spec, pushes + 1L, Optional.empty(), edited(), Requests.NONE, status)));
    }

    @Override
    public void writeStatus(EnsembleId id, EnsembleStatus written) {
        calls.call(() -> status = written);
    }

    @Override
    public void publish(EnsembleId id, EnsembleEvent event) {
        world.tell("event: " + event.message());
    }

    @Override
    public List<Accepted> list() {
        throw new UnsupportedOperationException("a cycle does not list");
    }

    @Override
    public void accept(ZooKeeperEnsemble resource, SourceStatus source) {
        throw new UnsupportedOperationException("a cycle does not accept");
    }

    @Override
    public void mark(EnsembleId id, SourceStatus source) {
        throw new UnsupportedOperationException("a cycle does not mark");
    }

    @Override
    public void remove(EnsembleId id, SourceStatus source) {
        throw new UnsupportedOperationException("a cycle does not remove");
    }
}
