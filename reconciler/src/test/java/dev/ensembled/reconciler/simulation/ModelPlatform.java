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
import dev.ensembled.reconciler.simulation.check.HistoryChecker;
import dev.ensembled.reconciler.simulation.check.Oracle;
import dev.ensembled.reconciler.simulation.model.ApiSnapshot;
import dev.ensembled.reconciler.simulation.model.ModelCluster;
import dev.ensembled.reconciler.simulation.model.ModelMember;
import dev.ensembled.reconciler.simulation.model.ModelStore;
import dev.ensembled.reconciler.simulation.model.ModelTemplate;
import dev.ensembled.reconciler.simulation.model.ObservationBuilder;
import dev.ensembled.reconciler.simulation.model.RemoteCalls;
import dev.ensembled.reconciler.simulation.mutation.Mutation;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.Optional;

/** The platform port on the model. The oracle checks every step before it is taken. */
final class ModelPlatform implements Platform, SanityTest {
    private static final long GROWS_AFTER_MS = 3_000;
    private final ModelCluster cluster;
    private final ModelStore store;
    private final RemoteCalls calls;
    private final Oracle oracle;
    private final HistoryChecker histories;
    private final Mutation mutation;
    private final ObservationBuilder observations;
    private Observed observed;

    ModelPlatform(
            ModelCluster cluster,
            ModelStore store,
            RemoteCalls calls,
            Oracle oracle,
            HistoryChecker histories,
            Mutation mutation) {
        this.cluster = cluster;
        this.store = store;
        this.calls = calls;
        this.oracle = oracle;
        this.histories = histories;
        this.mutation = mutation;
        this.observations = new ObservationBuilder(cluster);
    }

    @Override
    public Observed observe(Desired desired, EnsembleStatus status, ReadMode wanted) {
        ReadMode mode = mutation.readMode(wanted);
        return calls.call(() -> {
            oracle.observed(mode);
            ApiSnapshot snapshot =
                    mode == ReadMode.FRESH ? cluster.api.fresh() : cluster.api.asOf(cluster.now() - calls.cacheLag());
            observed = observations.build(desired, status, snapshot);
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
            if (outcome.isApplied()) {
                histories.taken(step);
            }
            cluster.runDueActions();
            return outcome;
        });
    }

    private Outcome take(Desired desired, Step next) {
        return next.accept(new Step.Visitor<Outcome, RuntimeException>() {
            @Override
            public Outcome visit(Step.Apply step) {
                cluster.api.apply(
                        ModelTemplate.of(desired.spec()),
                        Math.max(step.replicas(), cluster.api.replicas()),
                        store.pushedSpec().bytes());
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
                oracle.beforeScaleDown(step);
                cluster.trace("ensembled scales down to " + step.replicas() + " replicas");
                cluster.api.scale(step.replicas());
                return new Outcome.Applied();
            }

            @Override
            public Outcome visit(Step.Expand step) {
                oracle.beforeExpand(step);
                cluster.member(step.volume().member()).disk.request(step.bytes(), cluster.now() + GROWS_AFTER_MS);
                cluster.api.changed();
                return new Outcome.Applied();
            }

            @Override
            public Outcome visit(Step.RecreateStatefulSet step) {
                cluster.api.recreateStatefulSet(store.pushedSpec().bytes());
                return new Outcome.Applied();
            }

            @Override
            public Outcome visit(Step.Snapshot step) {
                oracle.snapshotTaken(step);
                return new Outcome.Applied();
            }

            @Override
            public Outcome visit(Step.Restart step) {
                return restart(step, Plan.of(desired, observed));
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
        ModelMember member = cluster.member(step.member());
        if (!isSame(member, step.instance())) {
            return new Outcome.Stale("the pod has changed");
        }
        cluster.trace("ensembled permits member " + member.id + " to start: " + step.permit());
        cluster.pods.permit(member, step.permit(), step.membership());
        return new Outcome.Applied();
    }

    private Outcome reconfigure(Step.Reconfigure step) {
        oracle.beforeReconfigure(step);
        cluster.trace("ensembled reconfigures: " + step.describe());
        if (!store.acceptsPassword(cluster.member(step.leader().port()))) {
            return new Outcome.Blocked(Gate.RECONFIGURATION, "the leader does not accept the password");
        }
        return switch (cluster.reconfigurer.reconfigure(step.leader().port(), step.from(), step.to())) {
            case COMMITTED -> {
                oracle.reconfigured();
                yield new Outcome.Applied();
            }
            case NO_QUORUM -> new Outcome.Blocked(Gate.RECONFIGURATION, "no quorum of the new membership is in sync");
            case VERSION_CHANGED -> new Outcome.Stale("the config version has changed");
            case NO_RESPONSE -> new Outcome.Blocked(Gate.RECONFIGURATION, "no session with the leader");
        };
    }

    private Outcome restart(Step.Restart step, Plan plan) {
        ModelMember member = cluster.member(step.member());
        oracle.beforeRestart(step, plan);
        if (!member.exists || !member.uid().equals(step.instance().uid())) {
            return new Outcome.Stale("the pod has changed");
        }
        Optional<String> refusal = cluster.api.evict(member);
        if (refusal.isPresent()) {
            return new Outcome.Blocked(Gate.BUDGET, refusal.get());
        }
        stop(member, "evicts");
        return new Outcome.Applied();
    }

    private Outcome replace(Step.Replace step) {
        ModelMember member = cluster.member(step.member());
        oracle.beforeReplace(member);
        if (!isSame(member, step.instance())) {
            return new Outcome.Stale("the pod has changed");
        }
        stop(member, "replaces");
        return new Outcome.Applied();
    }

    private static boolean isSame(ModelMember member, Instance instance) {
        return member.exists
                && member.uid().equals(instance.uid())
                && String.valueOf(member.resourceVersion).equals(instance.version());
    }

    private void stop(ModelMember member, String how) {
        cluster.trace("ensembled " + how + " member " + member.id + " at " + member.template.id());
        oracle.stopped(member);
        cluster.pods.terminate(member);
    }

    @Override
    public Outcome writeAndReadBack(EnsembleId ensemble, HostPort writer, HostPort reader) {
        return calls.call(() -> {
            Optional<Outcome.Half> failing = failing(writer, reader);
            if (failing.isEmpty()) {
                oracle.sanityTestPassed();
                return new Outcome.Applied();
            }
            HostPort half = failing.get() == Outcome.Half.WRITER ? writer : reader;
            boolean refused = refuses(half)
                    || cluster.peers.leader().filter(this::refusesWrites).isPresent();
            return new Outcome.SanityTestFailed(failing.get(), refused, refused ? "refused" : "no answer");
        });
    }

    private Optional<Outcome.Half> failing(HostPort writer, HostPort reader) {
        boolean refused = cluster.peers.leader().filter(this::refusesWrites).isPresent();
        if (!cluster.peers.commits() || refused || !acceptsClients(writer)) {
            return Optional.of(Outcome.Half.WRITER);
        }
        return acceptsClients(reader) ? Optional.empty() : Optional.of(Outcome.Half.READER);
    }

    private boolean refuses(HostPort address) {
        ModelMember member = cluster.member(address.port());
        return !member.template.acceptsClients() && member.serves(cluster.now());
    }

    /** A non-committing leader does not answer, so it does not refuse either. */
    private boolean refusesWrites(ModelMember leader) {
        return !leader.template.acceptsWritesAsLeader() && !leader.nonCommitting;
    }

    private boolean acceptsClients(HostPort address) {
        return cluster.member(address.port()).template.acceptsClients()
                && cluster.member(address.port()).inSync(cluster.now())
                && cluster.member(address.port()).serves(cluster.now());
    }
}
