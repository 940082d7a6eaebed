package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.observed.Observed.Replicas;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.plan.Plan.OutdatedMember;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides the next safe step for an ensemble, from one observation of it. Pure: the same observation gives the same
 * decision.
 *
 * <ol>
 *   <li>Refuse a spec that asks for a change that cannot be made safely; the ensemble stays as it is.
 *   <li>Record that the ensemble is about to be bootstrapped, while nothing of it exists.
 *   <li>Apply objects that are missing, outdated, changed by another manager, or no longer wanted; expand volumes. This
 *       stops no server: instances keep the revision from which they were created.
 *   <li>Wait until the platform has computed the revision that new instances get.
 *   <li>Test the last reconfiguration {@linkplain SanityTesting by a write}, while all members serve.
 *   <li>Permit servers that have no data of their own to start:
 *       {@linkplain StartPermits bootstrap members, and learners}.
 *   <li>Replace outdated members in which no server serves, when the {@linkplain ReplacementGates replacement gates}
 *       are open: this costs the ensemble nothing. This is how a revert heals: the rollout does not wait for such
 *       members.
 *   <li>Remove {@linkplain DataLoss members that do not serve} from the membership: members that lost their data, and
 *       members that are being removed and do not run.
 *   <li>Restart an outdated member that serves and {@linkplain Unready does not become ready}, when all other members
 *       are healthy.
 *   <li>Replace {@linkplain NonCommittingLeader a leader that commits nothing and that no server can join}.
 *   <li>Wait until all members are healthy: the {@linkplain HealthGates health gates}, which include that the member
 *       that was restarted last is back. A member that is not back by its deadline stalls the ensemble here.
 *   <li>Run the {@linkplain SanityTesting sanity test}, unless it has passed with exactly these instances and this
 *       membership; then wait for the settle period. While the test fails,
 *       {@linkplain FailingSanityTest a member of a revision that never passed it} and that is not the wanted revision
 *       is restarted first.
 *   <li>Take the next step {@linkplain Reconfiguration towards the wanted membership}, unless the leader has to be
 *       restarted before it accepts one; scale down replicas whose servers are no longer members.
 *   <li>{@linkplain VolumeGrowth Recreate the StatefulSet} when its volumes have grown; wait for the growth only if no
 *       member has to be restarted.
 *   <li>Done, if every member is of the wanted revision.
 *   <li>Otherwise restart the next member of the {@linkplain Plan plan}: observers, followers, the leader last; it is
 *       evicted when the {@linkplain DisruptionGates disruption gates} are open for it. Before the first restart of an
 *       {@linkplain Upgrade upgrade}, a snapshot is taken.
 * </ol>
 */
public final class Rollout {
    private Rollout() {}

    /** Returns the decision for this observation at this time. */
    public static Decision next(Desired desired, Observed observed, Instant now) {
        return next(Situation.of(desired, observed, now));
    }

    static Decision next(Situation situation) {
        return refusal(situation)
                .or(() -> recordBootstrap(situation))
                .or(() -> applyObjects(situation))
                .or(() -> VolumeGrowth.expand(situation))
                .or(() -> awaitTarget(situation))
                .or(() -> SanityTesting.testReconfiguration(situation))
                .or(() -> StartPermits.next(situation))
                .or(() -> replaceNotServing(situation))
                .or(() -> DataLoss.next(situation))
                .or(() -> Unready.next(situation))
                .or(() -> NonCommittingLeader.testOrReplace(situation))
                .or(() -> GateCheck.firstClosed(HealthGates.BEFORE_SANITY_TEST, situation))
                .or(() -> SanityTesting.next(situation))
                .or(() -> GateCheck.firstClosed(HealthGates.AFTER_SANITY_TEST, situation))
                .or(() -> Reconfiguration.next(situation))
                .or(() -> scaleDown(situation))
                .or(() -> VolumeGrowth.finish(situation))
                .orElseGet(() -> restartNext(situation));
    }

    private static Optional<Decision> refusal(Situation situation) {
        return Upgrade.refusal(situation).map(Decision.Refused::new);
    }

    private static Optional<Decision> recordBootstrap(Situation situation) {
        boolean doesNotExist = !situation.isBootstrapped()
                && !Bootstrap.isRecorded(situation.observed().status());
        return doesNotExist
                ? Optional.of(new Decision.Act(
                        new Step.Bootstrap(
                                situation.desired().spec().voters(),
                                situation.desired().spec().observers()),
                        "the ensemble does not exist yet"))
                : Optional.empty();
    }

    private static Optional<Decision> applyObjects(Situation situation) {
        Plan plan = situation.plan();
        return plan.objects().isEmpty()
                ? Optional.empty()
                : Optional.of(new Decision.Act(
                        new Step.Apply(plan.objects(), situation.replicas()), "objects differ from the spec"));
    }

    private static Optional<Decision> awaitTarget(Situation situation) {
        return situation.observed().target().isPresent()
                ? Optional.empty()
                : Optional.of(new Decision.Wait(
                        Gate.REVISION, "the platform has not computed the wanted revision yet", Optional.empty()));
    }

    private static Optional<Decision> replaceNotServing(Situation situation) {
        return situation.plan().restarts().stream()
                .filter(outdated -> GateCheck.firstClosed(ReplacementGates.of(outdated), situation)
                        .isEmpty())
                // The member that has been unavailable for the longest time is broken; another one may soon be back.
                .min(Comparator.comparing(outdated -> outdated.instance().since()))
                .map(outdated -> new Decision.Act(
                        new Step.Replace(outdated.member().id(), outdated.instance(), outdated.reasons()),
                        "member " + outdated.member().id() + " is outdated and is not serving"));
    }

    private static Optional<Decision> scaleDown(Situation situation) {
        int wanted = situation.replicas();
        Replicas replicas = situation.observed().replicas();
        if (wanted >= replicas.count()) {
            return Optional.empty();
        }
        Decision scaleDown = new Decision.Act(
                new Step.ScaleDown(
                        replicas,
                        wanted,
                        situation.observed().members().stream()
                                .map(Member::id)
                                .filter(id -> id > wanted)
                                .toList()),
                "they are no longer members");
        return GateCheck.firstClosed(List.of(new GateCheck(Gate.PAUSED, DisruptionGates::notPaused)), situation)
                .or(() -> Optional.of(scaleDown));
    }

    private static Decision restartNext(Situation situation) {
        if (situation.plan().restarts().isEmpty()) {
            return new Decision.Done();
        }
        OutdatedMember next = situation.plan().restarts().get(0);
        Member member = next.member();
        return EffectiveDrift.persisting(situation, next)
                .or(() -> VolumeGrowth.persisting(situation, next))
                .or(() -> Upgrade.snapshot(situation))
                .or(() -> GateCheck.firstClosed(DisruptionGates.of(member), situation))
                .orElseGet(() -> handsOff(situation, member)
                        ? Reconfiguration.handOff(situation, member)
                        : restart(next, member.id() + " is outdated, and all members are healthy"));
    }

    private static boolean handsOff(Situation situation, Member member) {
        boolean others =
                situation.quorum().filter(quorum -> quorum.voters().size() > 1).isPresent();
        return member.leads()
                && others
                && situation.desired().spec().rollout().handOffLeader()
                && !situation.plan().leaderHasOtherCredentials();
    }

    static Decision restart(OutdatedMember outdated, String reason) {
        Instance instance = outdated.instance();
        Member member = outdated.member();
        return new Decision.Act(
                new Step.Restart(member.id(), instance, member.leads(), outdated.reasons()), "member " + reason);
    }
}
