package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Server;
import dev.ensembled.reconciler.plan.Plan.Outdated;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.spec.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.FailedSanityTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A leader that commits nothing after a reconfiguration (ZOOKEEPER-4708) says that it leads like any other; only the write
 * that is not answered tells. Another server has to lead then.
 *
 * <ol>
 *   <li>While all follow it, it leaves as any healthy member does: by eviction, when the disruption gates are open.
 *   <li>It may be that some have gone to elect another one and find no quorum for that, while others stay; nobody can join it
 *       any more. Then no budget lets it go, since those are down already. Its instance is replaced as one that does not
 *       serve, which it does not: if the others that have their data are a quorum, they elect one of theirs. Not while it is
 *       outdated: whether those are down for it or for the wanted revision, nobody can tell.
 * </ol>
 *
 * <p>For the second, which passes by budgets and windows, the test that fails is not enough, since a server may refuse it for
 * another reason and commit what others write. Two more witnesses have to agree: its zxid, which is still that of the
 * reconfiguration, and which the session of a test that was merely refused would have moved; and a server that has looked
 * for it all that time, and is not just on its way back.
 */
final class NonCommittingLeader {
    /** From the end of the first test that failed: as long as the next one waits for an answer at most. */
    private static final Duration COMMITS_WITHIN = Duration.ofSeconds(10);

    private NonCommittingLeader() {}

    /** Has another one lead when all follow this one; empty if it is not known to be mute, or may not leave. */
    static Optional<Decision> move(Situation situation) {
        return suspect(situation)
                .filter(leader -> testFails(situation))
                // While it may not leave, the test is tried again: it may come to itself, and since when it fails is
                // kept.
                .filter(leader -> GateCheck.firstClosed(DisruptionGates.of(leader), situation)
                        .isEmpty())
                .map(leader -> Rollout.restart(
                        new Outdated(
                                leader, leader.instance().orElseThrow(), List.of(RestartReason.LEADER_COMMITS_NOTHING)),
                        leader.id() + " has led since a reconfiguration and answers no write"));
    }

    /** Tests one that others look for in vain, and replaces it when the test fails; empty if it is no such leader. */
    static Optional<Decision> whomNobodyJoins(Situation situation) {
        GateCheck paused = new GateCheck(Gate.REPLACEMENT_PAUSED, DisruptionGates::notPaused);
        return suspect(situation)
                .filter(leader -> !isOutdated(situation, leader) && hasCommittedNothing(leader))
                .filter(leader -> somebodyLooksForIt(situation))
                .filter(leader -> othersCanElect(situation, leader))
                .filter(leader ->
                        GateCheck.firstClosed(List.of(paused), situation).isEmpty())
                .map(leader -> testFails(situation) ? replace(leader) : test(leader));
    }

    /**
     * One that has committed the membership, if no write has proven it since. The version of a membership is the zxid that
     * committed it, of which the upper half is the leader's epoch: whoever leads after it is not moved again, or whatever else
     * makes the test fail would have one leader after the other restarted.
     */
    static Optional<Member> suspect(Situation situation) {
        return situation
                .observed()
                .leader()
                .filter(leader -> leader.instance().isPresent()
                        && leader.server()
                                .serving()
                                .filter(serving -> epoch(serving.zxid()) == epoch(serving.configVersion()))
                                .filter(serving -> counter(serving.configVersion()) > 0)
                                .filter(serving -> !situation.isSanityTested(serving.membership()))
                                .isPresent());
    }

    /** Whether nothing shows that the leader commits: neither a test that passed, nor its own zxid. */
    static boolean isPossible(Situation situation) {
        return suspect(situation)
                .filter(NonCommittingLeader::hasCommittedNothing)
                .isPresent();
    }

    private static long epoch(long zxid) {
        return zxid >>> Integer.SIZE;
    }

    private static long counter(long zxid) {
        return zxid & 0xffffffffL;
    }

    private static boolean testFails(Situation situation) {
        RolloutStatus reported = situation.observed().status().rollout();
        FailedSanityTest failed = situation.observed().status().memory().failedSanityTest();
        boolean refused = failed != null && Boolean.TRUE.equals(failed.refused());
        return reported != null
                && !refused
                && Gate.SANITY_TEST.toString().equals(reported.gate())
                && reported.since() != null
                && !situation.now().isBefore(Instant.parse(reported.since()).plus(COMMITS_WITHIN));
    }

    private static boolean isOutdated(Situation situation, Member leader) {
        return situation.plan().restarts().stream()
                .anyMatch(outdated -> outdated.member().id() == leader.id());
    }

    /** Since it has committed the membership. */
    private static boolean hasCommittedNothing(Member leader) {
        return leader.server()
                .serving()
                .filter(serving -> serving.zxid() == serving.configVersion())
                .isPresent();
    }

    /** Also one that is no member any more: it is down, and takes up what the budget allows. */
    private static boolean somebodyLooksForIt(Situation situation) {
        return situation.observed().members().stream()
                .filter(member -> member.server() instanceof Server.NotServing)
                .flatMap(member -> member.instance().stream())
                .anyMatch(instance -> !instance.ready()
                        && !situation.now().isBefore(instance.since().plus(COMMITS_WITHIN)));
    }

    private static boolean othersCanElect(Situation situation, Member leader) {
        Set<Integer> others = situation.counted().stream()
                .filter(member -> member.id() != leader.id() && hasItsData(member))
                .map(Member::id)
                .collect(Collectors.toUnmodifiableSet());
        return situation.quorum().filter(quorum -> quorum.isFormedBy(others)).isPresent();
    }

    /** Whether a server runs there that answers. Who lost its data does not come so far, and is no member until it has learnt. */
    private static boolean hasItsData(Member member) {
        boolean answers = member.serves() || member.server() instanceof Server.NotServing;
        return answers
                && member.instance()
                        .filter(instance -> instance.phase() == Instance.Phase.RUNNING)
                        .filter(instance -> instance.disk() == Instance.Disk.FINE)
                        .isPresent();
    }

    /** What it proves is the membership, and not those that are away. */
    static Decision test(Member leader) {
        long version = leader.server().serving().orElseThrow().configVersion();
        return new Decision.Act(
                new Step.RunSanityTest(
                        leader.id(), leader.id(), "member-" + leader.id() + "/" + Long.toHexString(version)),
                "no write has succeeded yet in the membership that member " + leader.id() + " committed");
    }

    private static Decision replace(Member leader) {
        return new Decision.Act(
                new Step.Replace(
                        leader.id(), leader.instance().orElseThrow(), List.of(RestartReason.LEADER_COMMITS_NOTHING)),
                "member " + leader.id()
                        + " has led since a reconfiguration, answers no write, and no other server can join it");
    }
}
