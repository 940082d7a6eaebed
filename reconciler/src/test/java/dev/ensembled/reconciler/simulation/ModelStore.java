package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.cycle.EnsembleStore;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.simulation.Pushed.Holds;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleSpec;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.ZooKeeperEnsemble;
import java.util.List;
import java.util.Optional;

/** The store of the model world, with one ensemble, and what people push to it and ask for. */
final class ModelStore implements EnsembleStore {
    static final EnsembleId ID = new EnsembleId("streaming", "kafka");
    private final World world;
    private final Calls calls;
    private Pushed pushed;
    private Pushed before;
    private EnsembleSpec spec;
    private int pushes;
    private long generation = 1;
    private int oldestPassword;
    private long editedUntil;
    private long goneUntil;
    private Requests requests = Requests.NONE;
    private EnsembleStatus status = EnsembleStatus.empty();

    ModelStore(World world, Calls calls, History history) {
        this.world = world;
        this.calls = calls;
        this.pushed = Pushed.first(history.voters(), history.observers());
        this.before = pushed;
        this.spec = pushed.spec();
    }

    EnsembleSpec spec() {
        return spec;
    }

    Pushed pushed() {
        return pushed;
    }

    Template template() {
        return pushed.template();
    }

    EnsembleStatus status() {
        return status;
    }

    Requests requests() {
        return requests;
    }

    long generation() {
        return generation;
    }

    boolean edited() {
        return world.now() < editedUntil;
    }

    void edit(long lasting) {
        editedUntil = world.now() + lasting;
    }

    /** The resource is deleted, and made again later by the same file: its status is lost. */
    void lose(long lasting) {
        goneUntil = world.now() + lasting;
        status = EnsembleStatus.empty();
        requests = Requests.NONE;
        generation = 1;
    }

    long next() {
        return goneUntil > world.now() ? goneUntil : Node.NEVER;
    }

    void push(Incident incident) {
        pushes++;
        Pushed next = incident.kind() == Incident.Kind.REVERT ? reverted() : changed(incident, "push " + pushes);
        if (!next.equals(pushed) || incident.kind() == Incident.Kind.PUSH_SERVICE) {
            generation++;
        }
        before = pushed;
        pushed = next;
        spec = next.spec();
    }

    /** A password is not taken back. */
    private Pushed reverted() {
        return before.password(template().password());
    }

    /** The Secret is deleted, and made again with another password; nobody knows those before. */
    void loseSecret() {
        pushed = pushed.password(template().password() + 1);
        spec = pushed.spec();
        oldestPassword = template().password();
    }

    /** Whether a server takes what ensembled offers: its password and, after a rotation, the one before. */
    boolean mayReconfigure(Node leader) {
        return leader.template.password() >= Math.max(oldestPassword, template().password() - 1);
    }

    private Pushed changed(Incident incident, String word) {
        Holds holds = pushed.holds();
        return switch (incident.kind()) {
            case PUSH_CONFIG -> pushed.config(word);
            case PUSH_IMAGE -> pushed.image("zookeeper:" + word);
            case PUSH_BAD_IMAGE -> pushed.image(Template.CANNOT_BE_PULLED);
            case PUSH_LYING_IMAGE -> pushed.image(Template.LIES);
            case PUSH_BAD_CONFIG -> pushed.config(Template.FINDS_NO_PEERS);
            case PUSH_REFUSING -> pushed.config(Template.REFUSES_CLIENTS);
            case PUSH_ENFORCING -> pushed.config(Template.REFUSES_WRITES);
            case PUSH_CRASHING -> pushed.heap(Template.TOO_SMALL);
            case PUSH_ROTATION -> pushed.password(template().password() + 1);
            case PUSH_VERSION -> pushed.version(incident.version());
            case PUSH_SCALE -> pushed.servers(incident.voters(), incident.observers());
            case PUSH_STORAGE -> pushed.larger();
            case PUSH_PAUSE ->
                pushed.with(new Holds(!holds.paused(), holds.windows(), holds.approval(), holds.handOff()));
            case PUSH_WINDOWS ->
                pushed.with(new Holds(holds.paused(), !holds.windows(), holds.approval(), holds.handOff()));
            case PUSH_APPROVAL ->
                pushed.with(new Holds(holds.paused(), holds.windows(), approval(incident), holds.handOff()));
            case PUSH_HAND_OFF ->
                pushed.with(new Holds(holds.paused(), holds.windows(), holds.approval(), !holds.handOff()));
            default -> pushed;
        };
    }

    private static Approval approval(Incident incident) {
        return incident.member() % 2 == 0 ? Approval.Leader : Approval.Always;
    }

    void approve() {
        requests = new Requests(requests.reconcileNow(), Optional.of(Long.toString(generation)), requests.acceptLoss());
    }

    void reconcileNow() {
        requests = new Requests(Optional.of("at " + world.now()), requests.approval(), requests.acceptLoss());
    }

    void acceptLoss() {
        requests = new Requests(requests.reconcileNow(), requests.approval(), Optional.of(Long.toString(generation)));
    }

    @Override
    public Optional<Accepted> get(EnsembleId id) {
        return calls.call(() -> world.now() < goneUntil
                ? Optional.empty()
                : Optional.of(new Accepted(id, spec, generation, Optional.empty(), edited(), requests, status)));
    }

    @Override
    public void writeStatus(EnsembleId id, EnsembleStatus written) {
        calls.call(() -> {
            // Of what is gone nothing can be written.
            status = world.now() < goneUntil ? EnsembleStatus.empty() : written;
            return status;
        });
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
