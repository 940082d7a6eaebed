package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Desired.MemberSlot;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.List;
import java.util.Optional;

/** How many replicas exist, from member 1 on, as a StatefulSet numbers its pods. */
public final class ReplicaCount {
    private ReplicaCount() {}

    /**
     * Returns the minimum number of replicas. The bootstrap members start together; later a replica is added only when
     * the previous one has joined, and none is removed while its server is in the committed membership.
     *
     * @param remains whether anything exists that may hold data of this ensemble
     * @param volumes of the ensemble, including volumes of servers that no longer exist: where the membership is not
     *     known, every server that may be a member has to start
     */
    public static int wanted(
            Desired desired, List<Member> members, EnsembleStatus status, boolean remains, List<Volume> volumes) {
        if (!Bootstrap.isBootstrapped(members, status, remains)) {
            return Bootstrap.bootstrapMembership(desired, status).highest();
        }
        Optional<Membership> committed = Bootstrap.committed(members, status);
        if (committed.isEmpty()) {
            int known = volumes.stream().mapToInt(Volume::member).max().orElse(0);
            return Math.max(desired.members().size(), known);
        }
        int next = desired.members().stream()
                .mapToInt(MemberSlot::id)
                .filter(id -> !committed.get().has(id))
                .min()
                .orElse(0);
        return Math.max(committed.get().highest(), next);
    }
}
