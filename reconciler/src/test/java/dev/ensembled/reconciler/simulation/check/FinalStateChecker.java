package dev.ensembled.reconciler.simulation.check;

import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.simulation.history.EventType;
import dev.ensembled.reconciler.simulation.history.History;
import dev.ensembled.reconciler.simulation.model.ModelCluster;
import dev.ensembled.reconciler.simulation.model.ModelMember;
import dev.ensembled.reconciler.simulation.model.ModelReconfigurer;
import dev.ensembled.reconciler.simulation.model.ModelStore;
import dev.ensembled.reconciler.simulation.model.ModelTemplate;
import dev.ensembled.reconciler.simulation.model.PushedSpec;
import dev.ensembled.reconciler.simulation.model.QuorumPeers;
import java.util.Optional;
import java.util.function.Predicate;

/** Checks how a history ends after its last event: the ensemble has converged, or the daemon reports the true cause. */
public final class FinalStateChecker {
    private final History history;
    private final ModelCluster cluster;
    private final ModelStore store;

    public FinalStateChecker(History history, ModelCluster cluster, ModelStore store) {
        this.history = history;
        this.cluster = cluster;
        this.store = store;
    }

    public void check(Optional<Decision> last) {
        Decision decision =
                last.orElseThrow(() -> new InvariantViolation("the daemon made no decision after the last event"));
        boolean explained = decision instanceof Decision.Done ? isConverged() : isExpected(decision);
        if (!explained) {
            throw new InvariantViolation(
                    "the final decision is not explained by the state of the cluster: " + decision);
        }
    }

    private boolean isConverged() {
        PushedSpec wanted = store.pushedSpec();
        Membership members = ModelReconfigurer.of(wanted.voters(), wanted.observers());
        return cluster.peers.commits()
                && cluster.log.committed().sameAs(members)
                && cluster.members.stream()
                        .allMatch(member -> members.has(member.id) ? isUpToDate(member) : isLeaving(member));
    }

    private boolean isUpToDate(ModelMember member) {
        return member.serves(cluster.now())
                && member.ready
                && member.template.equals(store.template())
                && member.disk.capacity >= store.pushedSpec().bytes();
    }

    private boolean isLeaving(ModelMember member) {
        return !member.exists || member.phase == Phase.TERMINATING;
    }

    private boolean isOnDownNode(ModelMember member) {
        return cluster.now() < member.nodeDownUntil;
    }

    private boolean isExpected(Decision decision) {
        if (decision instanceof Decision.Refused) {
            return store.template().version().startsWith("3.8");
        } else if (decision instanceof Wait wait) {
            return isExpectedWait(wait);
        } else if (decision instanceof Stalled stalled) {
            return isExpectedStall(stalled);
        }
        return false;
    }

    private boolean isExpectedWait(Wait wait) {
        return switch (wait.gate()) {
            case PAUSED -> store.pushedSpec().controls().paused();
            case QUORUM -> cluster.log.committed().voters().size() == 2;
            // A member that is to be restarted later is not ready, and uses up the budget.
            case BUDGET -> any(member -> member.responses.reportsNotServingUntilRestart());
            case APPROVAL -> !ClusterState.of(cluster, store).approved();
            // Such a leader cannot remove a lost member, and is not restarted while a member is down.
            case RECONFIGURATION -> hasNonCommittingLeader() || leaderRefusesPassword();
            default -> false;
        };
    }

    private boolean isExpectedStall(Stalled stalled) {
        // The reports of such a member count as true, even if another member could be healed.
        if (stalled.gate().toString().startsWith("member-")
                && any(member -> member.responses.reportsNotServingUntilRestart())) {
            return true;
        }
        return switch (stalled.gate()) {
            case DATA_BEHIND -> history.has(EventType.RESTORE_OLD_BACKUP);
            case DATA_LOST -> !isMajority(member -> member.disk.isUsable()) || isMembershipUnknown(stalled);
            case MEMBER_DATA ->
                any(member -> !member.disk.isUsable())
                        && (isPaused() || !cluster.peers.commits() || isBlockedByUnreadableMember(stalled));
            // Old backups have an older epoch than the membership, so the start of the leader's term is unknown.
            case SANITY_TEST ->
                failsSanityTestByRevision()
                        || (hasNonCommittingLeader()
                                && ((cannotMoveLeader() && !mustBeReplaced())
                                        || history.has(EventType.RESTORE_OLD_BACKUP)));
            case UNKNOWN_MEMBER -> any(this::isOnDownNode);
            case VOLUME_GROWTH -> any(member -> member.disk.failsToGrow() && !isUpToDate(member));
            case EFFECTIVE_STATE -> any(member -> member.template.image().equals(ModelTemplate.MISLABELED_IMAGE));
            case MEMBER_IMAGE -> any(member -> !member.template.canStart()) && isStuckAtBadRevision(stalled);
            case MEMBER_CRASHING -> any(member -> !member.template.keepsRunning()) && isStuckAtBadRevision(stalled);
            case MEMBER_NOT_SERVING ->
                (any(member -> !member.template.isGood()) && isStuckAtBadRevision(stalled))
                        || (hasNonCommittingLeader() && explainsNonCommittingLeader(stalled));
            case MEMBER_NOT_LISTENING -> any(member -> !member.template.isGood()) && isStuckAtBadRevision(stalled);
            default -> false;
        };
    }

    /** The status is lost, members with data cannot serve at the wanted revision, and the stall says so. */
    private boolean isMembershipUnknown(Stalled stalled) {
        return (history.has(EventType.RECREATE_RESOURCE) || history.has(EventType.RECREATE_ALL_OBJECTS))
                && stalled.reason().contains("the membership is unknown")
                && any(member -> member.disk.isUsable() && !member.template.isGood());
    }

    private boolean isBlockedByUnreadableMember(Stalled stalled) {
        return any(this::isOnDownNode) && stalled.reason().contains("cannot be read");
    }

    private boolean hasNonCommittingLeader() {
        return cluster.peers.leader().filter(member -> member.nonCommitting).isPresent();
    }

    /** The leader accepts no known password, and is not restarted while a member is down, or with two voters. */
    private boolean leaderRefusesPassword() {
        Membership committed = cluster.log.committed();
        boolean cannotLeave =
                committed.voters().size() == 2 || any(member -> member.exists && !member.serves(cluster.now()));
        return cannotLeave
                && cluster.peers
                        .leader()
                        .filter(member -> !store.acceptsPassword(member))
                        .isPresent();
    }

    /** The leader may not be replaced, and the stall says so. */
    private boolean explainsNonCommittingLeader(Stalled stalled) {
        return !mayBeReplaced() && stalled.reason().contains("ZOOKEEPER-4708");
    }

    /** A member refuses the sanity test, at the wanted revision, or at another one while it may not be restarted. */
    private boolean failsSanityTestByRevision() {
        return any(member -> member.serves(cluster.now())
                && !member.template.passesSanityTest()
                && (member.template.equals(store.template()) || cannotRestart(member) || wouldSpread(member)));
    }

    private boolean cannotRestart(ModelMember member) {
        ClusterState state = ClusterState.of(cluster, store);
        return isPaused()
                || !state.windowIsOpen()
                || state.budgets().stream().anyMatch(budget -> budget.disruptionsAllowed() < 1)
                || cluster.log.committed().voters().size() == 2
                || !state.mayRestart(state.member(member.id));
    }

    /** The leader refuses writes that came through a member of the wanted revision, which may be the bad one. */
    private boolean wouldSpread(ModelMember member) {
        return member.leads
                && !member.template.acceptsWritesAsLeader()
                && any(other -> other.template.equals(store.template()));
    }

    private boolean mustBeReplaced() {
        return mayBeReplaced() && any(member -> member.exists && member.isElecting(cluster.now()));
    }

    private boolean mayBeReplaced() {
        ClusterState state = ClusterState.of(cluster, store);
        int leader = cluster.peers.leader().orElseThrow().id;
        return !isPaused()
                && state.othersCanElect(leader)
                && !state.member(leader).outdated();
    }

    private boolean cannotMoveLeader() {
        return cannotRestart(cluster.peers.leader().orElseThrow());
    }

    private boolean isPaused() {
        return store.pushedSpec().controls().paused();
    }

    private boolean any(Predicate<ModelMember> condition) {
        return cluster.members.stream().anyMatch(condition);
    }

    private boolean isMajority(Predicate<ModelMember> condition) {
        Membership committed = cluster.log.committed();
        return QuorumPeers.isMajority(
                cluster.members.stream()
                        .filter(member -> committed.voters().contains(member.id) && condition.test(member))
                        .count(),
                committed);
    }

    /** A member that does not serve is at a bad revision, which is the wanted one, or a pause keeps it there. */
    private boolean isStuckAtBadRevision(Stalled stalled) {
        return cluster.members.stream()
                .filter(member -> !member.serves(cluster.now()) && !member.template.isGood())
                .anyMatch(member -> member.template.equals(store.template())
                        || stalled.reason().contains("end the pause"));
    }
}
