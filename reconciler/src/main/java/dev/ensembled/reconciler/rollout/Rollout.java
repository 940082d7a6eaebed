package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.plan.Plan.Outdated;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides the one next safe step for an ensemble, from one look at it. Pure: the same look gives the same decision.
 *
 * <ol>
 *   <li>Refuse a spec that asks for what cannot be done safely; the ensemble stays as it is.
 *   <li>Apply objects that are missing, outdated, changed by somebody else, or no longer wanted. This stops no server:
 *       instances keep the revision that they were made from.
 *   <li>Wait until the platform has worked out the revision that new instances get.
 *   <li>Replace members of another revision in which no server serves, when the {@linkplain ReplacementGates replacement
 *       gates} are open: that costs the ensemble nothing. This is how a revert heals: such a member is not waited for.
 *   <li>Wait until the ensemble is whole: the {@linkplain HealthGates health gates}, which include that the member that was
 *       restarted last is proven back. A member that stays away stalls the ensemble here.
 *   <li>Run the sanity test, unless it passed with just these instances; then let the ensemble settle.
 *   <li>Done, if every member is of the wanted revision.
 *   <li>Otherwise take the next of the {@linkplain Plan plan}: observers, followers, the leader last; it leaves when the
 *       {@linkplain DisruptionGates disruption gates} are open for it.
 * </ol>
 */
public final class Rollout {
    private Rollout() {}

    /** The decision for this look at this time. */
    public static Decision next(Desired desired, Observed observed, Instant now) {
        return next(Situation.of(desired, observed, now), Set.of());
    }

    /** The same with some gates left open by name: how tests prove that each gate is needed. */
    static Decision next(Situation situation, Set<String> leftOpen) {
        return refusal(situation)
                .or(() -> applyObjects(situation))
                .or(() -> awaitTarget(situation))
                .or(() -> replaceWhatDoesNotServe(situation, leftOpen))
                .or(() -> Gate.firstClosed(HealthGates.BEFORE_SANITY_TEST, situation, leftOpen))
                .or(() -> verifyOnce(situation))
                .or(() -> Gate.firstClosed(HealthGates.AFTER_SANITY_TEST, situation, leftOpen))
                .orElseGet(() -> restartNext(situation, leftOpen));
    }

    private static Optional<Decision> refusal(Situation situation) {
        return Membership.refusal(situation).map(Decision.Refused::new);
    }

    private static Optional<Decision> applyObjects(Situation situation) {
        Plan plan = situation.plan();
        return plan.objects().isEmpty()
                ? Optional.empty()
                : Optional.of(new Decision.Act(new Step.Apply(plan.objects()), "objects differ from the spec"));
    }

    private static Optional<Decision> awaitTarget(Situation situation) {
        return situation.observed().target().isPresent()
                ? Optional.empty()
                : Optional.of(new Decision.Wait(
                        "revision", "the platform has not worked out the wanted revision yet", Optional.empty()));
    }

    private static Optional<Decision> replaceWhatDoesNotServe(Situation situation, Set<String> leftOpen) {
        return situation.plan().restarts().stream()
                .filter(outdated -> Gate.firstClosed(ReplacementGates.of(outdated), situation, leftOpen)
                        .isEmpty())
                // The one that is away for the longest is broken; another may only need a moment.
                .min(Comparator.comparing(outdated -> outdated.instance().since()))
                .map(outdated -> new Decision.Act(
                        new Step.Replace(outdated.member().id(), outdated.instance(), outdated.reasons()),
                        "member " + outdated.member().id() + " is outdated and does not serve"));
    }

    private static Optional<Decision> verifyOnce(Situation situation) {
        String fingerprint = situation.fingerprint();
        if (fingerprint.equals(situation.observed().status().verified())) {
            return Optional.empty();
        }
        List<Member> members = new ArrayList<>(situation.observed().members());
        members.removeIf(member -> member.clientAddress().isEmpty());
        if (members.isEmpty()) {
            return Optional.of(new Decision.Wait("sanity-test", "no member has a client address", Optional.empty()));
        }
        // Through the instance that is newest, so that a member which just came back has to do the work.
        members.sort(Comparator.comparing(Rollout::created).reversed());
        int writer = members.get(0).id();
        int reader = members.get(members.size() > 1 ? 1 : 0).id();
        return Optional.of(new Decision.Act(
                new Step.Verify(writer, reader, fingerprint), "these instances have not been proven by a write yet"));
    }

    private static Instant created(Member member) {
        return member.instance().map(Instance::created).orElse(Instant.MIN);
    }

    private static Decision restartNext(Situation situation, Set<String> leftOpen) {
        if (situation.plan().restarts().isEmpty()) {
            return new Decision.Done();
        }
        Outdated next = situation.plan().restarts().get(0);
        return Gate.firstClosed(DisruptionGates.of(next.member()), situation, leftOpen)
                .orElseGet(() -> new Decision.Act(
                        new Step.Restart(
                                next.member().id(),
                                next.instance(),
                                next.member().leads(),
                                next.reasons()),
                        "member " + next.member().id() + " is outdated, and the ensemble is whole"));
    }
}
