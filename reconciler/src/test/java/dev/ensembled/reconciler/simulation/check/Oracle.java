package dev.ensembled.reconciler.simulation.check;

import static dev.ensembled.reconciler.simulation.check.Invariants.require;

import dev.ensembled.reconciler.cycle.Platform.ReadMode;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.simulation.check.ClusterState.MemberState;
import dev.ensembled.reconciler.simulation.history.History;
import dev.ensembled.reconciler.simulation.model.ModelCluster;
import dev.ensembled.reconciler.simulation.model.ModelMember;
import dev.ensembled.reconciler.simulation.model.ModelSource;
import dev.ensembled.reconciler.simulation.model.ModelStore;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.HashMap;
import java.util.Map;

/**
 * The test oracle: checks each step of the daemon against the true state of the cluster. What others change between the
 * observation and the step is not the daemon's fault, so a step is judged by the state at the time of the fresh observation.
 */
public final class Oracle {
    private final ModelCluster cluster;
    private final ModelStore store;
    private final Map<Integer, Long> acknowledged = new HashMap<>();
    private final DisruptionChecker disruptions;
    private final SourceChecker source = new SourceChecker();
    private ClusterState state;
    private boolean fresh;
    private String testedFingerprint = "";
    private String snapshotFor = "";

    public Oracle(ModelCluster cluster, ModelStore store, History history) {
        this.cluster = cluster;
        this.store = store;
        this.disruptions = new DisruptionChecker(cluster, store, history);
    }

    public void observed(ReadMode mode) {
        fresh = mode == ReadMode.FRESH;
        if (store.status().equals(EnsembleStatus.empty())) {
            acknowledged.clear();
        }
        if (fresh) {
            state = ClusterState.of(cluster, store);
        }
    }

    public void sanityTestPassed() {
        testedFingerprint = ClusterState.of(cluster, store).fingerprint();
    }

    public void snapshotTaken(Step.Snapshot step) {
        snapshotFor = step.version();
    }

    public void reconfigured() {
        recordAcknowledged();
    }

    /** A step has stopped this pod. */
    public void stopped(ModelMember member) {
        recordAcknowledged();
        disruptions.stopped(member, state);
    }

    private void recordAcknowledged() {
        state.members().stream()
                .filter(MemberState::serves)
                .forEach(member -> acknowledged.merge(member.id(), member.zxid(), Math::max));
    }

    private Invariants invariants() {
        require(fresh, "a disruptive step was decided on a cached observation");
        return new Invariants(state, acknowledged, testedFingerprint);
    }

    private MembershipChecker membership() {
        return new MembershipChecker(state, invariants());
    }

    public void beforePermit(Step.PermitStart step) {
        membership().beforePermit(step, store.status().memory().bootstrapVoters() != null);
    }

    public void beforeReconfigure(Step.Reconfigure step) {
        membership().beforeReconfigure(step);
    }

    public void beforeScaleDown(Step.ScaleDown step) {
        membership().beforeScaleDown(step);
    }

    /** Rule 9: volumes never shrink. */
    public void beforeExpand(Step.Expand step) {
        int member = step.volume().member();
        require(
                step.bytes() >= cluster.member(member).disk.capacity,
                "expansion of the volume of member " + member + " below its size");
    }

    public void beforeRestart(Step.Restart step, Plan plan) {
        disruptions.planned(plan);
        new RestartChecker(state, invariants(), store.status(), snapshotFor).beforeRestart(step);
    }

    public void beforeReplace(ModelMember member) {
        invariants();
        new ReplacementChecker(state).beforeReplace(member.id);
    }

    /** Rule 6: a server that still receives data is late, and has not failed. */
    public void decided(Decision decision) {
        if (decision instanceof Decision.Stalled stalled && stalled.gate() == Gate.MEMBER_NOT_SERVING) {
            require(
                    cluster.members.stream()
                            .filter(member -> member.exists
                                    && (member.responses.reportsNotServingUntilRestart()
                                            || !member.serves(cluster.now())))
                            .anyMatch(member -> !cluster.learners.isTransferringSnapshot(member)),
                    "a stall for a server that still receives data: " + stalled.reason());
        }
    }

    /** After each event and each reconcile cycle. */
    public void afterEvent() {
        cluster.log.violation().ifPresent(violation -> {
            throw new InvariantViolation(violation);
        });
        disruptions.afterEvent();
    }

    public void afterCommit(ModelSource updated) {
        source.afterCommit(updated);
    }

    /** At the end of a history with nothing but one push. */
    public void requireMinimalDisruption(int firstLeader) {
        disruptions.requireMinimalDisruption(firstLeader);
    }
}
