package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.conformance.EnsembleUnderTest;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.simulation.model.ModelMember.Mode;
import java.util.function.BooleanSupplier;

/** The servers of the model, without the daemon: the scenarios start, stop and reconfigure them. */
final class ModelEnsemble implements EnsembleUnderTest {
    private static final long PATIENCE_MS = 300_000;
    private static final long LASTS_MS = 20_000;
    private static final long LOOKS_EVERY_MS = 50;
    private static final long BYTES = 1L << 30;
    private final ModelCluster cluster;
    private final ObservationBuilder observations;
    private long written;

    ModelEnsemble(long seed) {
        cluster = new ModelCluster(seed, false);
        observations = new ObservationBuilder(cluster);
    }

    @Override
    public void bootstrap(Membership membership) {
        cluster.api.apply(PushedSpec.first(1, 0).template(), membership.highest(), BYTES);
        membership.ids().forEach(id -> permit(id, StartPermit.BOOTSTRAP, membership));
    }

    @Override
    public void join(int id, Membership members) {
        if (cluster.api.replicas() < id) {
            cluster.api.scale(id);
        }
        cluster.pods.terminate(cluster.member(id));
        permit(id, StartPermit.JOIN, members);
    }

    private void permit(int id, StartPermit how, Membership membership) {
        if (!await(() -> cluster.member(id).mode == Mode.WAITING)) {
            throw new IllegalStateException("the start script of server " + id + " does not wait for a permit");
        }
        cluster.pods.permit(cluster.member(id), how, membership);
        cluster.runDueActions();
    }

    @Override
    public void start(int id) {
        cluster.member(id).podActionAt = cluster.now();
        cluster.runDueActions();
    }

    @Override
    public void kill(int id) {
        cluster.pods.crash(cluster.member(id), ModelMember.NEVER - cluster.now());
        cluster.runDueActions();
    }

    @Override
    public void freeze(int id) {
        cluster.member(id).frozenUntil = cluster.now() + 2 * PATIENCE_MS;
        cluster.runDueActions();
    }

    @Override
    public void thaw(int id) {
        ModelMember member = cluster.member(id);
        // When it notices was set for the end of the freeze, which was not known then.
        member.frozenUntil = cluster.now();
        member.serverActionAt = member.stale ? cluster.now() + LOOKS_EVERY_MS : member.serverActionAt;
        cluster.runDueActions();
    }

    @Override
    public void wipe(int id) {
        cluster.member(id).disk.replaceContent(Disk.Content.NOTHING);
    }

    @Override
    public Answer reconfigure(int asked, Membership from, Membership to) {
        Answer answer =
                switch (cluster.reconfigurer.reconfigure(asked, from, to)) {
                    case COMMITTED -> Answer.COMMITTED;
                    case NO_QUORUM -> Answer.NO_QUORUM;
                    case VERSION_CHANGED -> Answer.BAD_VERSION;
                    case NO_RESPONSE -> Answer.NONE;
                };
        cluster.runDueActions();
        return answer;
    }

    /** The client of the model writes whenever time passes. */
    @Override
    public boolean write(int via) {
        ModelMember member = cluster.member(via);
        if (!cluster.peers.commits() || !member.serves(cluster.now()) || !member.inSync(cluster.now())) {
            return false;
        }
        cluster.advanceTo(cluster.now() + 1);
        written = cluster.peers.leader().orElseThrow().disk.zxid;
        return true;
    }

    @Override
    public boolean hasEveryWrite(int id) {
        return cluster.member(id).disk.zxid >= written
                && cluster.log.violation().isEmpty();
    }

    @Override
    public Server probe(int id) {
        return id > cluster.members.size() ? new Server.Down("no instance") : observations.server(cluster.member(id));
    }

    @Override
    public boolean await(BooleanSupplier condition) {
        for (long end = cluster.now() + PATIENCE_MS;
                cluster.now() < end;
                cluster.advanceTo(cluster.now() + LOOKS_EVERY_MS)) {
            if (condition.getAsBoolean()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean lasts(BooleanSupplier condition) {
        for (long end = cluster.now() + LASTS_MS;
                cluster.now() < end;
                cluster.advanceTo(cluster.now() + LOOKS_EVERY_MS)) {
            if (!condition.getAsBoolean()) {
                return false;
            }
        }
        return true;
    }
}
