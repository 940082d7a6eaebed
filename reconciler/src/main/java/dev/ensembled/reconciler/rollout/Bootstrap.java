package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether an ensemble was ever bootstrapped, and with which members (docs/invariants.md, rule 10). It is bootstrapped
 * once: the intention is recorded while nothing of the ensemble exists, and ends with the first server that serves. If
 * anything exists without that record, the ensemble counts as bootstrapped: its status may be lost, its volumes are
 * not.
 */
final class Bootstrap {
    private Bootstrap() {}

    static boolean isBootstrapped(Observed observed) {
        return isBootstrapped(observed.members(), observed.status(), observed.remains());
    }

    static boolean isBootstrapped(List<Member> members, EnsembleStatus status, boolean remains) {
        return status.wasBootstrapped()
                || members.stream().anyMatch(Member::serves)
                || (!isRecorded(status) && remains);
    }

    static boolean isRecorded(EnsembleStatus status) {
        return status.memory().bootstrapVoters() != null;
    }

    /** The bootstrap members; as the spec wants them until they are recorded. */
    static Membership bootstrapMembership(Desired desired, EnsembleStatus status) {
        Membership wanted = desired.membership();
        if (!isRecorded(status)) {
            return wanted;
        }
        Memory memory = status.memory();
        int observers = memory.bootstrapObservers() == null ? 0 : memory.bootstrapObservers();
        Set<Integer> voters = ids(1, memory.bootstrapVoters());
        Membership bootstrapMembership = Membership.ofMajority(
                0, voters, ids(memory.bootstrapVoters() + 1, memory.bootstrapVoters() + observers));
        // ZooKeeper rejects a group or weight of a server that is not a voter.
        return voters.equals(wanted.voters())
                ? bootstrapMembership.counting(wanted.groups(), wanted.weights())
                : bootstrapMembership;
    }

    /** The committed membership as servers report it now, by its newest version; otherwise as it was reported last. */
    static Optional<Membership> committed(List<Member> members, EnsembleStatus status) {
        return Membership.newest(members.stream().map(Member::server)).or(() -> lastReported(status));
    }

    private static Optional<Membership> lastReported(EnsembleStatus status) {
        return status.voters().isEmpty()
                ? Optional.empty()
                : Optional.of(Membership.ofMajority(
                        status.configVersion() == null ? 0 : Long.parseUnsignedLong(status.configVersion(), 16),
                        new TreeSet<>(status.voters()),
                        new TreeSet<>(status.observers())));
    }

    private static Set<Integer> ids(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().collect(Collectors.toSet());
    }
}
