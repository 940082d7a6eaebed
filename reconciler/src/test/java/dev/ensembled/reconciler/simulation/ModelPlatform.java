package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.cycle.SanityTest;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.Optional;

/** The platform of the model world, as the daemon meets it; every step is shown to the oracle before it is taken. */
final class ModelPlatform implements Platform, SanityTest {
    private static final long GROWS_AFTER_MS = 3_000;
    private final World world;
    private final ModelStore store;
    private final Calls calls;
    private final Oracle oracle;
    private final Mutation mutation;
    private final Looks looks;
    private Observed observed;

    ModelPlatform(World world, ModelStore store, Calls calls, Oracle oracle, Mutation mutation) {
        this.world = world;
        this.store = store;
        this.calls = calls;
        this.oracle = oracle;
        this.mutation = mutation;
        this.looks = new Looks(world);
    }

    @Override
    public Observed observe(Desired desired, EnsembleStatus status, ReadMode wanted) {
        ReadMode mode = mutation.readMode(wanted);
        return calls.call(() -> {
            oracle.looked(mode);
            Seen seen = mode == ReadMode.FRESH ? world.api.fresh() : world.api.asOf(world.now() - calls.cacheLag());
            observed = looks.look(desired, status, seen);
            return observed;
        });
    }

    @Override
    public Outcome act(Desired desired, Step step) {
        return calls.act(() -> {
            if (calls.conflict()) {
                return new Outcome.Stale("conflict");
            }
            Outcome outcome = take(desired, step);
            world.settle();
            return outcome;
        });
    }

    private Outcome take(Desired desired, Step next) {
        return next.accept(new Step.Visitor<Outcome, RuntimeException>() {
            @Override
            public Outcome visit(Step.Apply step) {
                world.api.apply(
                        Template.of(desired.spec()),
                        Math.max(step.replicas(), world.api.replicas()),
                        store.pushed().bytes());
                return new Outcome.Applied();
            }

            @Override
            public Outcome visit(Step.PermitStart step) {
                return permit(step);
            }

            @Override
            public Outcome visit(Step.Reconfigure step) {
                return reconfigure(step);
            }

            @Override
            public Outcome visit(Step.ScaleDown step) {
                oracle.beforeRetire(step);
                world.tell("ensembled keeps " + step.replicas() + " replicas");
                world.api.scale(step.replicas());
                return new Outcome.Applied();
            }

            @Override
            public Outcome visit(Step.Expand step) {
                world.node(step.volume().member()).disk.request(step.bytes(), world.now() + GROWS_AFTER_MS);
                world.api.changed();
                return new Outcome.Applied();
            }

            @Override
            public Outcome visit(Step.RecreateStatefulSet step) {
                world.api.rebuild(store.pushed().bytes());
                return new Outcome.Applied();
            }

            @Override
            public Outcome visit(Step.Snapshot step) {
                oracle.snapshotTaken(step);
                return new Outcome.Applied();
            }

            @Override
            public Outcome visit(Step.Restart step) {
                oracle.planned(Plan.of(desired, observed));
                return restart(step);
            }

            @Override
            public Outcome visit(Step.Replace step) {
                return replace(step);
            }

            @Override
            public Outcome visit(Step.Bootstrap step) {
                throw new AssertionError(step.describe());
            }

            @Override
            public Outcome visit(Step.RunSanityTest step) {
                throw new AssertionError(step.describe());
            }
        });
    }

    private Outcome permit(Step.PermitStart step) {
        oracle.beforePermit(step);
        Node node = world.node(step.member());
        if (!isSame(node, step.instance())) {
            return new Outcome.Stale("another pod, or another state of it");
        }
        world.tell("ensembled admits member " + node.id + " to " + step.permit());
        world.pods.permit(node, step.permit(), step.membership());
        return new Outcome.Applied();
    }

    private Outcome reconfigure(Step.Reconfigure step) {
        oracle.beforeReconfigure(step);
        world.tell("ensembled asks: " + step.describe());
        if (!store.mayReconfigure(world.node(step.leader().port()))) {
            return new Outcome.Blocked(Gate.RECONFIGURATION, "the leader does not accept the password");
        }
        return switch (world.memberships.reconfigure(step.leader().port(), step.from(), step.to())) {
            case COMMITTED -> {
                oracle.reconfigured();
                yield new Outcome.Applied();
            }
            case NO_QUORUM -> new Outcome.Blocked(Gate.RECONFIGURATION, "no quorum of the new membership takes part");
            case ANOTHER_VERSION -> new Outcome.Stale("another membership was committed");
            case NO_ANSWER -> new Outcome.Blocked(Gate.RECONFIGURATION, "the leader granted no session");
        };
    }

    private Outcome restart(Step.Restart step) {
        Node node = world.node(step.member());
        oracle.beforeRestart(step);
        if (!node.exists || !node.uid().equals(step.instance().uid())) {
            return new Outcome.Stale("another pod");
        }
        Optional<String> refusal = world.api.evict(node);
        if (refusal.isPresent()) {
            return new Outcome.Blocked(Gate.BUDGET, refusal.get());
        }
        end(node, "evicts");
        return new Outcome.Applied();
    }

    private Outcome replace(Step.Replace step) {
        Node node = world.node(step.member());
        oracle.beforeReplace(node);
        if (!isSame(node, step.instance())) {
            return new Outcome.Stale("another pod, or another state of it");
        }
        end(node, "replaces");
        return new Outcome.Applied();
    }

    private static boolean isSame(Node node, Instance instance) {
        return node.exists
                && node.uid().equals(instance.uid())
                && String.valueOf(node.version).equals(instance.version());
    }

    private void end(Node node, String how) {
        world.tell("ensembled " + how + " member " + node.id + " at " + node.template.id());
        oracle.ended(node);
        world.pods.terminate(node);
    }

    @Override
    public Outcome writeAndReadBack(EnsembleId ensemble, HostPort writer, HostPort reader) {
        return calls.call(() -> {
            Optional<Outcome.Half> failing = failing(writer, reader);
            if (failing.isEmpty()) {
                oracle.provenByAWrite();
                return new Outcome.Applied();
            }
            HostPort half = failing.get() == Outcome.Half.WRITER ? writer : reader;
            boolean refused = refuses(half)
                    || world.peers.leader().filter(this::refusesWrites).isPresent();
            return new Outcome.SanityTestFailed(failing.get(), refused, refused ? "refused" : "no answer");
        });
    }

    private Optional<Outcome.Half> failing(HostPort writer, HostPort reader) {
        boolean refused = world.peers.leader().filter(this::refusesWrites).isPresent();
        if (!world.peers.commits() || refused || !takesClients(writer)) {
            return Optional.of(Outcome.Half.WRITER);
        }
        return takesClients(reader) ? Optional.empty() : Optional.of(Outcome.Half.READER);
    }

    private boolean refuses(HostPort address) {
        Node node = world.node(address.port());
        return !node.template.takesClients() && node.serves(world.now());
    }

    /** One that commits nothing does not even refuse. */
    private boolean refusesWrites(Node leader) {
        return !leader.template.takesWritesAsLeader() && !leader.mute;
    }

    private boolean takesClients(HostPort address) {
        return world.node(address.port()).template.takesClients()
                && world.node(address.port()).inSync(world.now())
                && world.node(address.port()).serves(world.now());
    }
}
