package dev.ensembled.reconciler.simulation.check;

import static dev.ensembled.reconciler.simulation.check.Invariants.require;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.simulation.history.History;
import dev.ensembled.reconciler.simulation.model.ModelCluster;
import dev.ensembled.reconciler.simulation.model.ModelMember;
import dev.ensembled.reconciler.simulation.model.ModelStore;
import dev.ensembled.reconciler.simulation.model.ModelTemplate;
import dev.ensembled.reconciler.simulation.model.QuorumPeers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks what the daemon stops over a whole history: which members, in which order, and for which revision. */
final class DisruptionChecker {
    private final ModelCluster cluster;
    private final ModelStore store;
    private final History history;
    private final List<Integer> stopped = new ArrayList<>();
    private final Set<Integer> movedToBadRevision = new HashSet<>();
    /** The order of the plan at the first restart. */
    private List<Integer> planned = List.of();

    private boolean allWereUp;

    DisruptionChecker(ModelCluster cluster, ModelStore store, History history) {
        this.cluster = cluster;
        this.store = store;
        this.history = history;
    }

    void planned(Plan plan) {
        if (stopped.isEmpty()) {
            planned = plan.restarts().stream()
                    .map(outdated -> outdated.member().id())
                    .toList();
        }
    }

    /** Rule 6: the daemon moves at most one member to a bad revision. */
    void stopped(ModelMember member, ClusterState state) {
        // A server that is not a member and did not start is only restarted for its join.
        if (state.member(member.id).inMembership() || member.reportedDisk == Instance.Disk.FINE) {
            stopped.add(member.id);
        }
        movedToBadRevision.removeIf(id -> isGoodRevision(cluster.member(id).template) || !counts(id, state));
        if (isGoodRevision(member.template) && !isGoodRevision(store.template())) {
            movedToBadRevision.add(member.id);
        } else {
            movedToBadRevision.remove(member.id);
        }
        boolean lastResort = member.reportedDisk != Instance.Disk.FINE
                || state.member(member.id).neverStarted()
                || !state.quorumWithout(member.id);
        require(
                movedToBadRevision.size() <= 1 || lastResort,
                "the daemon moved members " + movedToBadRevision + " to a bad revision");
    }

    private static boolean counts(int id, ClusterState state) {
        return state.member(id).inMembership() || state.isWanted(id);
    }

    private static boolean isGoodRevision(ModelTemplate template) {
        return template.isGood() && template.acceptsClients();
    }

    /** Rule 2: without faults, the voters that are up are always a quorum. */
    void afterEvent() {
        Membership committed = cluster.log.committed();
        if (!history.isUndisturbed() || committed.voters().size() <= 2) {
            return;
        }
        long up = cluster.members.stream()
                .filter(member -> committed.voters().contains(member.id))
                .filter(member -> member.mode.compareTo(ModelMember.Mode.LOOKING) >= 0)
                .count();
        allWereUp |= up == committed.voters().size();
        require(!allWereUp || QuorumPeers.isMajority(up, committed), "the voters that are up are not a quorum");
    }

    /** Rule 4: a roll without faults restarts each member once, in the planned order, with one election. */
    void requireMinimalDisruption(int firstLeader) {
        int elections = cluster.peers.elections();
        if (history.hasRoll()) {
            List<Integer> all =
                    cluster.members.stream().map(member -> member.id).toList();
            require(stopped.equals(planned), "members restarted in order " + stopped + ", planned was " + planned);
            require(stopped.stream().sorted().toList().equals(all), "members restarted: " + stopped + " of " + all);
            require(elections == 1, elections + " elections in a roll, expected 1");
        } else {
            int needed = firstLeader > store.pushedSpec().voters() ? 1 : 0;
            require(stopped.isEmpty(), "a change of the membership restarted members " + stopped);
            require(elections == needed, elections + " elections in a change of the membership, expected " + needed);
        }
    }
}
