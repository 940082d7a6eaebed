package dev.ensembled.reconciler.simulation.check;

import dev.ensembled.reconciler.observed.Budget;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.simulation.model.ModelCluster;
import dev.ensembled.reconciler.simulation.model.ModelMember;
import dev.ensembled.reconciler.simulation.model.ModelStore;
import dev.ensembled.reconciler.simulation.model.ModelTemplate;
import dev.ensembled.reconciler.simulation.model.PushedSpec;
import dev.ensembled.reconciler.simulation.model.QuorumPeers;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The true state of the cluster at one time, by which the daemon is judged, whatever it observed.
 *
 * @param committed the newest membership that was ever committed
 * @param hasServed whether a write was ever acknowledged
 * @param reconcileRequested whether a request to reconcile now is not handled yet
 * @param approved whether the restarts are approved for this generation of the spec
 */
record ClusterState(
        long at,
        List<MemberState> members,
        Membership committed,
        boolean hasServed,
        List<Budget> budgets,
        PushedSpec pushedSpec,
        boolean edited,
        boolean reconcileRequested,
        boolean approved,
        boolean lossAccepted) {

    /** The true state of one member. */
    record MemberState(
            int id,
            boolean inMembership,
            boolean voter,
            boolean leads,
            boolean nonCommitting,
            String uid,
            Phase phase,
            boolean exists,
            boolean serves,
            boolean inSync,
            boolean votes,
            boolean inRole,
            boolean readable,
            boolean ready,
            boolean outdated,
            String reportedVersion,
            long readySince,
            long healthySince,
            long zxid,
            long configVersion,
            boolean diskUsable,
            Instance.Disk reportedDisk,
            Optional<StartPermit> permit,
            boolean passesSanityTest) {

        boolean healthy() {
            return serves && inSync && inRole && ready && readable && phase == Phase.RUNNING;
        }

        boolean hasNoProcess() {
            return !exists || phase == Phase.PENDING || phase == Phase.CRASHED;
        }

        boolean neverStarted() {
            return exists && phase == Phase.PENDING;
        }
    }

    static ClusterState of(ModelCluster cluster, ModelStore store) {
        Membership committed = cluster.log.committed();
        return new ClusterState(
                cluster.now(),
                cluster.members.stream()
                        .map(member -> of(cluster, store, member))
                        .toList(),
                committed,
                cluster.log.hasServed(),
                cluster.api.budgets(),
                store.pushedSpec(),
                store.edited(),
                store.requests()
                        .reconcileNow()
                        .filter(request ->
                                !request.equals(store.status().memory().handledRequest()))
                        .isPresent(),
                store.requests()
                        .approval()
                        .filter(Long.toString(store.generation())::equals)
                        .isPresent(),
                store.requests().acceptsLoss(store.generation()));
    }

    private static MemberState of(ModelCluster cluster, ModelStore store, ModelMember member) {
        long now = cluster.now();
        Membership committed = cluster.log.committed();
        ModelTemplate wanted = store.template();
        return new MemberState(
                member.id,
                committed.has(member.id),
                committed.voters().contains(member.id),
                member.leads && !member.stale,
                member.nonCommitting,
                member.uid(),
                member.phase,
                member.exists,
                member.serves(now),
                member.inSync(now),
                member.votes(),
                committed.voters().contains(member.id) == (member.role() != Role.OBSERVER),
                member.readable(now),
                member.ready,
                member.exists
                        && (!member.template.equals(wanted)
                                || !member.template.reportedVersion().equals(wanted.version())
                                || waitsForAnotherMount(member)),
                member.template.reportedVersion(),
                member.readySince,
                Math.max(member.modeSince, member.readySince),
                member.disk.zxid,
                member.activeMembership.version(),
                member.disk.isUsable(),
                member.reportedDisk,
                member.permit,
                member.template.passesSanityTest());
    }

    private static boolean waitsForAnotherMount(ModelMember member) {
        return member.instance().filter(member.disk.volume()::needsRestartOf).isPresent();
    }

    MemberState member(int id) {
        return members.get(id - 1);
    }

    List<MemberState> inMembership() {
        return members.stream().filter(MemberState::inMembership).toList();
    }

    /** What a sanity test holds for: these pods, in this membership. */
    String fingerprint() {
        return inMembership().stream().map(MemberState::uid).collect(Collectors.toCollection(TreeSet::new)) + "/"
                + committed.version();
    }

    boolean isWanted(int id) {
        return id <= pushedSpec.voters() + pushedSpec.observers();
    }

    /** Whether the members in sync are a quorum of a membership, with one member left out. */
    boolean isQuorum(Membership membership, int without) {
        return QuorumPeers.isMajority(
                members.stream()
                        .filter(member ->
                                member.id() != without && member.serves() && member.inSync() && member.votes())
                        .filter(member -> membership.voters().contains(member.id()))
                        .count(),
                membership);
    }

    boolean quorumWithout(int id) {
        return isQuorum(committed, id);
    }

    /** Whether the members that run and have their data are a quorum without this one. */
    boolean othersCanElect(int id) {
        long others = members.stream()
                .filter(member ->
                        member.id() != id && member.voter() && member.phase() == Phase.RUNNING && member.diskUsable())
                .count();
        return QuorumPeers.isMajority(others, committed);
    }

    boolean windowIsOpen() {
        long minute = at / 60_000 % PushedSpec.WINDOW_EVERY_MINUTES;
        return !pushedSpec.controls().windows() || reconcileRequested || minute < PushedSpec.WINDOW_MINUTES;
    }

    /** Whether the member has not been ready for longer than the progress deadline. */
    boolean isPastDeadline(MemberState member) {
        return !member.ready() && at - member.readySince() >= PushedSpec.PROGRESS_DEADLINE.toMillis();
    }

    boolean mayRestart(MemberState candidate) {
        Approval approval = pushedSpec.controls().approval();
        boolean needed = approval == Approval.Always || (approval == Approval.Leader && candidate.leads());
        return !needed || approved;
    }
}
