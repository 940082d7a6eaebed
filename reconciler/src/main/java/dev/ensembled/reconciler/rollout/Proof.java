package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.plan.Plan.Outdated;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.spec.EnsembleStatus.RolloutStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * That these instances serve, in this membership: a write through one of them, read back through another. A leader that
 * commits nothing after a reconfiguration (ZOOKEEPER-4708) says that it leads like any other; only the write that is not
 * answered tells. Another server has to lead then.
 */
final class Proof {
    static final String GATE = "sanity-test";
    /** From the end of the first test that failed: as long as the next one waits for an answer at most. */
    private static final Duration LEADER_COMMITS_WITHIN = Duration.ofSeconds(10);

    private Proof() {}

    static Optional<Decision> next(Situation situation, Set<String> leftOpen) {
        if (situation.fingerprint().equals(situation.observed().status().verified())) {
            return Optional.empty();
        }
        return moveLeaderThatCommitsNothing(situation, leftOpen).or(() -> Optional.of(verify(situation)));
    }

    private static Decision verify(Situation situation) {
        List<Member> members = new ArrayList<>(situation.counted());
        members.removeIf(member -> member.clientAddress().isEmpty());
        if (members.isEmpty()) {
            return new Decision.Wait(GATE, "no member has a client address", Optional.empty());
        }
        // Through the instance that is newest, so that a member which just came back has to do the work.
        members.sort(Comparator.comparing(Proof::created).reversed());
        int writer = members.get(0).id();
        int reader = members.get(members.size() > 1 ? 1 : 0).id();
        return new Decision.Act(
                new Step.Verify(writer, reader, situation.fingerprint()),
                situation.reconfiguredSinceProven()
                        ? "this membership has not been proven by a write yet"
                        : "these instances have not been proven by a write yet");
    }

    private static Instant created(Member member) {
        return member.instance().map(Instance::created).orElse(Instant.MIN);
    }

    /**
     * Whether this leader has committed the membership, and no write has proven it since. The version of a membership is the
     * zxid that committed it, of which the upper half is the leader's epoch: whoever leads after it is not moved again, or
     * whatever else makes the test fail would have one leader after the other restarted.
     */
    private static boolean leadsSinceAnUnprovenReconfiguration(Situation situation, Member leader) {
        return leader.server()
                .serving()
                .filter(serving -> epoch(serving.zxid()) == epoch(serving.configVersion()))
                .filter(serving -> counter(serving.configVersion()) > 0)
                .filter(serving -> !situation.isProven(serving.membership()))
                .isPresent();
    }

    private static long epoch(long zxid) {
        return zxid >>> Integer.SIZE;
    }

    private static long counter(long zxid) {
        return zxid & 0xffffffffL;
    }

    private static Optional<Decision> moveLeaderThatCommitsNothing(Situation situation, Set<String> leftOpen) {
        RolloutStatus reported = situation.observed().status().rollout();
        boolean failing = reported != null
                && GATE.equals(reported.gate())
                && reported.since() != null
                && !situation.now().isBefore(Instant.parse(reported.since()).plus(LEADER_COMMITS_WITHIN));
        return situation
                .observed()
                .leader()
                .filter(leader -> failing && leadsSinceAnUnprovenReconfiguration(situation, leader))
                // While it may not leave, the test is tried again: it may come to itself, and since when it fails is
                // kept.
                .filter(leader -> Gate.firstClosed(DisruptionGates.of(leader), situation, leftOpen)
                        .isEmpty())
                .map(leader -> Rollout.restart(
                        new Outdated(
                                leader, leader.instance().orElseThrow(), List.of(RestartReason.LEADER_COMMITS_NOTHING)),
                        leader.id() + " leads since a reconfiguration, and no write is answered"));
    }
}
