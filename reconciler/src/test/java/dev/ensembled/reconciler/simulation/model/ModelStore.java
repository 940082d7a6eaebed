package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.simulation.history.Event;
import dev.ensembled.reconciler.simulation.history.EventType;
import dev.ensembled.reconciler.simulation.model.PushedSpec.RolloutControls;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.util.List;
import java.util.Optional;

/** The store port on the model, with one ensemble, its pushed spec and the requests of people. */
public final class ModelStore implements EnsembleStore {
    public static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    private final ModelCluster cluster;
    private final RemoteCalls calls;
    private PushedSpec pushedSpec;
    private PushedSpec before;
    private EnsembleSpec lastGoodSpec;
    private EnsembleSpec spec;
    private int pushes;
    private long generation = 1;
    private int oldestPassword;
    private long editedUntil;
    private long goneUntil;
    private Requests requests = Requests.NONE;
    private EnsembleStatus status = EnsembleStatus.empty();
    private History rolloutHistory = History.EMPTY;

    public ModelStore(ModelCluster cluster, RemoteCalls calls, PushedSpec first) {
        this.cluster = cluster;
        this.calls = calls;
        this.pushedSpec = first;
        this.before = pushedSpec;
        this.lastGoodSpec = first.spec();
        this.spec = lastGoodSpec;
    }

    /** The pushed spec. */
    EnsembleSpec lastGoodSpec() {
        return lastGoodSpec;
    }

    /** The accepted spec. */
    EnsembleSpec spec() {
        return spec;
    }

    public PushedSpec pushedSpec() {
        return pushedSpec;
    }

    public ModelTemplate template() {
        return pushedSpec.template();
    }

    public EnsembleStatus status() {
        return status;
    }

    /** The rollout history, read without a call that may fail. */
    public History rolloutHistory() {
        return rolloutHistory;
    }

    public Requests requests() {
        return requests;
    }

    public long generation() {
        return generation;
    }

    public boolean edited() {
        return cluster.now() < editedUntil;
    }

    void edit(long duration) {
        editedUntil = cluster.now() + duration;
    }

    /** Deletes the resource; it is created again later from the same file, without its status. */
    void deleteResource(long duration) {
        goneUntil = cluster.now() + duration;
        status = EnsembleStatus.empty();
        requests = Requests.NONE;
        generation = 1;
    }

    public long nextActionAt() {
        return goneUntil > cluster.now() ? goneUntil : ModelMember.NEVER;
    }

    void push(Event event) {
        pushes++;
        PushedSpec next = event.type() == EventType.REVERT ? reverted() : changed(event, "push " + pushes);
        if (!next.equals(pushedSpec) || event.type() == EventType.PUSH_SERVICE) {
            generation++;
        }
        before = pushedSpec;
        pushedSpec = next;
        lastGoodSpec = next.spec();
    }

    /** Stores the accepted spec. */
    void accept(EnsembleSpec accepted) {
        spec = accepted;
    }

    /** The previous spec, except that a password rotation is never reverted. */
    private PushedSpec reverted() {
        return before.password(template().password());
    }

    /** Deletes the Secret; it is created again with a new password, and the former passwords are lost. */
    void deleteSecret() {
        pushedSpec = pushedSpec.password(template().password() + 1);
        lastGoodSpec = pushedSpec.spec();
        spec = lastGoodSpec;
        oldestPassword = template().password();
    }

    /** Whether the server accepts the password of ensembled: the current one or, after a rotation, the previous one. */
    public boolean acceptsPassword(ModelMember leader) {
        return leader.template.password() >= Math.max(oldestPassword, template().password() - 1);
    }

    private PushedSpec changed(Event event, String word) {
        RolloutControls controls = pushedSpec.controls();
        return switch (event.type()) {
            case PUSH_CONFIG -> pushedSpec.config(word);
            case PUSH_IMAGE -> pushedSpec.image("zookeeper:" + word);
            case PUSH_UNPULLABLE_IMAGE -> pushedSpec.image(ModelTemplate.UNPULLABLE_IMAGE);
            case PUSH_MISLABELED_IMAGE -> pushedSpec.image(ModelTemplate.MISLABELED_IMAGE);
            case PUSH_CONFIG_WITHOUT_PEERS -> pushedSpec.config(ModelTemplate.CONFIG_WITHOUT_PEERS);
            case PUSH_CONFIG_REFUSING_CLIENTS -> pushedSpec.config(ModelTemplate.CONFIG_REFUSING_CLIENTS);
            case PUSH_CONFIG_REFUSING_WRITES -> pushedSpec.config(ModelTemplate.CONFIG_REFUSING_WRITES);
            case PUSH_HEAP_TOO_SMALL -> pushedSpec.heap(ModelTemplate.HEAP_TOO_SMALL);
            case PUSH_PASSWORD_ROTATION -> pushedSpec.password(template().password() + 1);
            case PUSH_VERSION -> pushedSpec.version(event.version());
            case PUSH_SCALE -> pushedSpec.servers(event.voters(), event.observers());
            case PUSH_STORAGE -> pushedSpec.larger();
            case PUSH_PAUSE ->
                pushedSpec.with(new RolloutControls(
                        !controls.paused(), controls.windows(), controls.approval(), controls.handOff()));
            case PUSH_WINDOWS ->
                pushedSpec.with(new RolloutControls(
                        controls.paused(), !controls.windows(), controls.approval(), controls.handOff()));
            case PUSH_APPROVAL ->
                pushedSpec.with(new RolloutControls(
                        controls.paused(), controls.windows(), approval(event), controls.handOff()));
            case PUSH_HAND_OFF ->
                pushedSpec.with(new RolloutControls(
                        controls.paused(), controls.windows(), controls.approval(), !controls.handOff()));
            default -> pushedSpec;
        };
    }

    private static Approval approval(Event event) {
        return event.member() % 2 == 0 ? Approval.Leader : Approval.Always;
    }

    /** Applies a request of a person. */
    public void request(Event event) {
        Optional<String> current = Optional.of(Long.toString(generation));
        requests = switch (event.type()) {
            case APPROVE ->
                new Requests(
                        requests.reconcileNow(), current, requests.acceptLoss(), requests.paused(), Optional.empty());
            case RECONCILE_NOW ->
                new Requests(
                        Optional.of("at " + cluster.now()),
                        requests.approval(),
                        requests.acceptLoss(),
                        requests.paused(),
                        Optional.empty());
            case ACCEPT_LOSS ->
                new Requests(
                        requests.reconcileNow(), requests.approval(), current, requests.paused(), Optional.empty());
            default -> throw new IllegalArgumentException("not a request: " + event);
        };
    }

    /** The accepted spec, read without a call that may fail. */
    public Accepted accepted() {
        return new Accepted(ID, spec, generation, Optional.empty(), edited(), requests, status);
    }

    @Override
    public Optional<Accepted> get(EnsembleId id) {
        return calls.call(() -> cluster.now() < goneUntil
                ? Optional.empty()
                : Optional.of(new Accepted(id, spec, generation, Optional.empty(), edited(), requests, status)));
    }

    @Override
    public void writeStatus(EnsembleId id, EnsembleStatus before, EnsembleStatus written) {
        calls.call(() -> {
            // The status of a deleted resource cannot be written.
            status = cluster.now() < goneUntil ? EnsembleStatus.empty() : written;
            return status;
        });
    }

    @Override
    public void publish(EnsembleId id, EnsembleEvent event) {
        cluster.trace("event: " + event.message());
    }

    @Override
    public History history(EnsembleId id) {
        return calls.call(this::rolloutHistory);
    }

    @Override
    public void writeHistory(EnsembleId id, History before, History written) {
        calls.call(() -> rolloutHistory = written);
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
