package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Instance.Phase;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.plan.Plan.OutdatedMember;
import java.util.Optional;
import java.util.Set;

/**
 * An outdated member that is not ready by its progress deadline, and either serves, as with a readiness gate of its
 * revision that no controller opens; or reports that it does not serve, which
 * {@linkplain Evidence the leader's count contradicts}, as while it syncs without end. It would never become ready, so
 * it is restarted first (docs/invariants.md, rule 7). It may vote, so it leaves as a healthy member does: only while
 * all other members are healthy, and not while the sanity test fails at the wanted revision (rule 6).
 */
final class Unready {
    private Unready() {}

    /**
     * Returns the restart of the member, or the gate that holds it; empty if there is no such member, or other gates
     * are closed.
     */
    static Optional<Decision> next(Situation situation) {
        // In a pause, the stall itself reports that the rollout is paused.
        if (situation.pause().isPresent()) {
            return Optional.empty();
        }
        return situation.plan().restarts().stream()
                .filter(outdated -> servesUnready(situation, outdated))
                .filter(outdated -> !FailingSanityTest.keepsFromSpreading(situation, outdated.member()))
                .filter(outdated -> othersAreHealthy(situation, outdated.member()))
                .findFirst()
                .map(outdated -> GateCheck.firstClosed(DisruptionGates.of(outdated.member()), situation)
                        .orElseGet(() -> Rollout.restart(
                                outdated,
                                outdated.member().id() + " is outdated, "
                                        + (outdated.member().serves() ? "serves" : "may serve")
                                        + ", and is not getting ready")));
    }

    private static boolean servesUnready(Situation situation, OutdatedMember outdated) {
        Instance instance = outdated.instance();
        Member member = outdated.member();
        return (member.serves() || isCountedByLeader(situation, member))
                && instance.phase() == Phase.RUNNING
                && situation.isPastDeadline(member);
    }

    private static boolean isCountedByLeader(Situation situation, Member member) {
        return situation.hasQuorumWithout(member.id())
                && Evidence.contradiction(situation, member).isPresent();
    }

    private static boolean othersAreHealthy(Situation situation, Member member) {
        boolean othersAreBack = situation.counted().stream()
                .filter(other -> other.id() != member.id())
                .allMatch(Member::isHealthy);
        // By the leader's count all members are in sync, and a member that reports otherwise keeps that gate closed.
        Set<Gate> contradicted = member.serves() ? Set.of() : Set.of(Gate.ONE_LEADER);
        return othersAreBack && HealthGates.allOpenExceptMemberDown(situation.ignoring(contradicted));
    }
}
