package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.plan.Plan.OutdatedMember;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.FailedSanityTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A leader that commits nothing after a reconfiguration (ZOOKEEPER-4708). It reports that it leads like any other
 * leader; only a write that is not answered shows it. Another server has to lead then.
 *
 * <ol>
 *   <li>While all members follow it, it is restarted as any healthy member is: by eviction, when the disruption gates
 *       are open.
 *   <li>Some members may have left it to elect another leader and find no quorum for that, while others stay; then no
 *       server can join it any more. No budget allows its eviction, since those members are down already. Its instance
 *       is replaced like an instance that does not serve, since it does not: if the other members that have their data
 *       are a quorum, they elect one of them. It is not replaced while it is outdated: then it is not known whether
 *       those members are down because of it or because of the wanted revision.
 * </ol>
 *
 * <p>The replacement ignores budgets and windows, so a failing sanity test is not enough for it: a server may refuse
 * the test for another reason and commit what clients write. Two more signs have to agree: the leader's zxid is still
 * that of the reconfiguration, which the session of a refused test would have changed; and another server has looked
 * for the leader all that time, and is not just starting.
 */
final class NonCommittingLeader {
    /**
     * Measured from the end of the first test that failed: the longest time for which the next one waits for an answer.
     */
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(10);

    private NonCommittingLeader() {}

    /**
     * Moves the leadership while all members follow this leader; empty if it is not known to commit nothing, or may not
     * be restarted.
     */
    static Optional<Decision> moveLeadership(Situation situation) {
        return suspect(situation)
                .filter(leader -> testFails(situation))
                // While it may not be restarted, the test is tried again: the leader may recover, and the status keeps
                // the time since which the test has failed.
                .filter(leader -> GateCheck.firstClosed(DisruptionGates.of(leader), situation)
                        .isEmpty())
                .map(leader -> Rollout.restart(
                        new OutdatedMember(
                                leader, leader.instance().orElseThrow(), List.of(RestartReason.LEADER_COMMITS_NOTHING)),
                        leader.id() + " has led since a reconfiguration and answers no write"));
    }

    /**
     * Tests a leader that other servers cannot join, and replaces it when the test fails; empty if the leader is not in
     * that state.
     */
    static Optional<Decision> testOrReplace(Situation situation) {
        GateCheck paused = new GateCheck(Gate.REPLACEMENT_PAUSED, DisruptionGates::notPaused);
        return suspect(situation)
                .filter(leader -> !isOutdated(situation, leader) && hasCommittedNothing(leader))
                .filter(leader -> otherServerCannotJoin(situation))
                .filter(leader -> othersCanElect(situation, leader))
                .filter(leader ->
                        GateCheck.firstClosed(List.of(paused), situation).isEmpty())
                .map(leader -> testFails(situation) ? replace(leader) : test(leader));
    }

    /**
     * The leader that committed the membership, if no write has succeeded since. The version of a membership is the
     * zxid that committed it, and its upper half is the leader's epoch: a leader that is elected later is no suspect,
     * since any other cause that makes the test fail would then restart one leader after the other.
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
    static boolean isSuspected(Situation situation) {
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
                && !situation.now().isBefore(Instant.parse(reported.since()).plus(COMMIT_TIMEOUT));
    }

    private static boolean isOutdated(Situation situation, Member leader) {
        return situation.plan().restarts().stream()
                .anyMatch(outdated -> outdated.member().id() == leader.id());
    }

    /** Whether its zxid is still that of the reconfiguration. */
    private static boolean hasCommittedNothing(Member leader) {
        return leader.server()
                .serving()
                .filter(serving -> serving.zxid() == serving.configVersion())
                .isPresent();
    }

    /** Includes servers that are no longer members: a former member that is down uses up what the budget allows. */
    private static boolean otherServerCannotJoin(Situation situation) {
        return situation.observed().members().stream()
                .filter(member -> member.server().isNotServing())
                .flatMap(member -> member.instance().stream())
                .anyMatch(instance -> !instance.ready()
                        && !situation.now().isBefore(instance.since().plus(COMMIT_TIMEOUT)));
    }

    private static boolean othersCanElect(Situation situation, Member leader) {
        Set<Integer> others = situation.counted().stream()
                .filter(member -> member.id() != leader.id() && hasItsData(member))
                .map(Member::id)
                .collect(Collectors.toUnmodifiableSet());
        return situation.quorum().filter(quorum -> quorum.isFormedBy(others)).isPresent();
    }

    /**
     * Whether a server runs there and answers. A server that lost its data does not get that far, and is no member
     * until it has synced as a learner.
     */
    private static boolean hasItsData(Member member) {
        return member.answers()
                && member.instance()
                        .filter(instance -> instance.phase() == Instance.Phase.RUNNING)
                        .filter(instance -> instance.disk() == Instance.Disk.FINE)
                        .isPresent();
    }

    /** This tests the membership, and not the members that are unavailable. */
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
