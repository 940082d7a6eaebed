package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tests that these instances serve, in this membership: by a write through one of them that is read back through
 * another.
 */
final class SanityTesting {

    private SanityTesting() {}

    static Optional<Decision> next(Situation situation) {
        if (situation.fingerprint().equals(situation.observed().status().sanityTested())) {
            return Optional.empty();
        }
        return NonCommittingLeader.moveLeadership(situation)
                .or(() -> FailingSanityTest.restartSuspect(situation))
                .or(() -> Optional.of(test(situation)));
    }

    /**
     * Tests a reconfiguration while the next learner is still starting, before it joins: no server could join a leader
     * that commits nothing.
     */
    static Optional<Decision> testReconfiguration(Situation situation) {
        List<Member> unavailable = situation.counted().stream()
                .filter(member -> !member.isHealthy())
                .toList();
        boolean onlyJoining = !unavailable.isEmpty()
                && unavailable.stream().noneMatch(member -> situation.members().has(member.id()));
        return onlyJoining && HealthGates.allOpenExceptMemberDown(situation)
                ? NonCommittingLeader.suspect(situation).map(leader -> NonCommittingLeader.moveLeadership(situation)
                        .or(() -> NonCommittingLeader.testOrReplace(situation))
                        .orElseGet(() -> NonCommittingLeader.test(leader)))
                : Optional.empty();
    }

    static Decision test(Situation situation) {
        List<Member> members = new ArrayList<>(situation.counted());
        members.removeIf(member -> member.clientAddress().isEmpty() || !member.serves());
        if (members.isEmpty()) {
            return new Decision.Wait(Gate.SANITY_TEST, "no member that serves has a client address", Optional.empty());
        }
        // Through the newest instance, so that a member which just came back has to process the write.
        members.sort(Comparator.comparing(SanityTesting::created).reversed());
        int writer = members.get(0).id();
        int reader = members.get(members.size() > 1 ? 1 : 0).id();
        return new Decision.Act(
                new Step.RunSanityTest(writer, reader, situation.fingerprint()),
                situation.reconfiguredSinceSanityTest()
                        ? "the sanity test has not passed with this membership yet"
                        : "the sanity test has not passed with these instances yet");
    }

    private static Instant created(Member member) {
        return member.instance().map(Instance::created).orElse(Instant.MIN);
    }
}
