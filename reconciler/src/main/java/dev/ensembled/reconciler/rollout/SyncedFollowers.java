package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.rollout.GateCheck.Closed;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The followers of the leader, as far as they are certain. An observer is none, whatever role it will get. A follower
 * that was just cut off still reports that it follows; the leader no longer counts it, but does not name the ones that
 * it counts. It may count a server that still fetches its data instead. So the leader's count is trusted only if it
 * includes every server that may be counted.
 */
record SyncedFollowers(Situation situation, int leader) {

    /** The servers that report that they follow, and the leader itself. */
    Set<Integer> members() {
        return situation.counted().stream()
                .filter(member -> member.server()
                        .serving()
                        .filter(serving -> serving.role() != Server.Role.OBSERVER)
                        .isPresent())
                .map(Member::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Closed for a change that could lose the quorum (docs/invariants.md, rule 8). */
    Optional<Closed> wouldBeQuorumOf(Membership next) {
        long others = situation.observed().members().stream()
                .filter(member -> member.id() != leader && mayBeLearner(member))
                .count();
        if (learners() < others) {
            return Closed.because("the leader reports " + learners() + " of " + others
                    + " learners, so it is not certain which servers are in sync");
        }
        Set<Integer> members = members();
        return Quorum.of(next).isFormedBy(members)
                ? Optional.empty()
                : Closed.because("after the change only "
                        + members.stream().filter(next.voters()::contains).count() + " of "
                        + next.voters().size() + " voters would be in sync, which is not a quorum");
    }

    /**
     * Not a server that is being removed and looks for a leader: it may do so without end, and is removed only after
     * the changes of other members.
     */
    private boolean mayBeLearner(Member member) {
        return member.serves() || (member.server().isNotServing() && situation.isWanted(member.id()));
    }

    private int learners() {
        return situation
                .observed()
                .leader()
                .flatMap(member -> member.server().serving())
                .map(Server.Serving::learners)
                .orElse(0);
    }
}
