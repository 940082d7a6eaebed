package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.rollout.GateCheck.Closed;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who follows the leader, as far as that is certain. An observer does not, whatever role it will have. One that was cut off a
 * moment ago still says that it follows; the leader does not count it any more, but tells no names. It may count one that
 * still fetches its data instead. So its count is believed only if it has everybody who may be in it.
 */
record SyncedFollowers(Situation situation, int leader) {

    /** Who says so, and the leader itself. */
    Set<Integer> members() {
        return situation.counted().stream()
                .filter(member -> member.server()
                        .serving()
                        .filter(serving -> serving.role() != Server.Role.OBSERVER)
                        .isPresent())
                .map(Member::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Rule 8: never a change that could lose the quorum. */
    Optional<Closed> wouldBeQuorumOf(Membership next) {
        long others = situation.observed().members().stream()
                .filter(member -> member.id() != leader && mayLearn(member))
                .count();
        if (learners() < others) {
            return Closed.because("the leader counts " + learners() + " learners, and there are " + others
                    + " servers that it may count");
        }
        Set<Integer> members = members();
        return Quorum.of(next).isFormedBy(members)
                ? Optional.empty()
                : Closed.because("after that change only "
                        + members.stream().filter(next.voters()::contains).count() + " of "
                        + next.voters().size() + " voters would follow, which is no quorum");
    }

    /** Not one that is to go and looks for a leader: it may do so without end, and goes only after the others' changes. */
    private boolean mayLearn(Member member) {
        return member.serves() || (member.server() instanceof Server.NotServing && situation.isWanted(member.id()));
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
