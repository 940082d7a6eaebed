package dev.ensembled.reconciler.simulation.mutation;

import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.MutatedRollout;
import dev.ensembled.reconciler.rollout.Rollout;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.simulation.model.Disk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Mutations of the plan, the sanity test, and decisions that a rule makes instead of waiting. */
final class DecisionMutations {
    private DecisionMutations() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.ofDecision(
                        "without the sanity test after a reconfiguration",
                        (desired, observed, now) -> Rollout.next(
                                desired, MutatedRollout.sanityTestedInAnyMembership(desired, observed, now), now)),
                Mutation.ofDecision(
                        "without the sanity test",
                        (desired, observed, now) ->
                                Rollout.next(desired, MutatedRollout.sanityTested(desired, observed, now), now)),
                Mutation.ofDecision("without the snapshot before an upgrade", DecisionMutations::withoutSnapshot),
                Mutation.ofDecision(
                        "without the order of restarts: leader last",
                        (desired, observed, now) ->
                                MutatedRollout.withPlan(desired, observed, now, DecisionMutations::reversed)),
                Mutation.ofDecision(
                        "without the leader's restart before a reconfiguration that it would refuse",
                        (desired, observed, now) -> MutatedRollout.withPlan(
                                desired, observed, now, DecisionMutations::withoutPasswordReason)),
                Mutation.ofDecision(
                        "without the condition that volumes only grow", DecisionMutations::withShrinkingVolumes),
                Mutation.ofDecision("without replacements", DecisionMutations::withoutReplacement),
                Mutation.ofDecision(
                        "without restarting members at an untested revision first",
                        DecisionMutations::withoutSuspectsFirst),
                Mutation.ofDecision(
                        "without restarts for volumes that grow at the next mount",
                        DecisionMutations::withoutRestartForVolumeGrowth));
    }

    private static Plan reversed(Plan plan) {
        List<Plan.OutdatedMember> reversed = new ArrayList<>(plan.restarts());
        Collections.reverse(reversed);
        return new Plan(plan.objects(), reversed);
    }

    private static Plan withoutPasswordReason(Plan plan) {
        return new Plan(
                plan.objects(),
                plan.restarts().stream()
                        .map(outdated -> outdated.reasons().contains(RestartReason.CREDENTIALS_CHANGED)
                                ? new Plan.OutdatedMember(
                                        outdated.member(),
                                        outdated.instance(),
                                        List.of(RestartReason.POD_TEMPLATE_CHANGED))
                                : outdated)
                        .toList());
    }

    private static Decision withoutSnapshot(Desired desired, Observed observed, Instant now) {
        var status = observed.status();
        var memory = status.memory().snapshotTakenFor(desired.spec().version());
        return Rollout.next(
                desired, MutatedRollout.withStatus(observed, status.withMemory(memory), observed.remains()), now);
    }

    private static Decision withShrinkingVolumes(Desired desired, Observed observed, Instant now) {
        long wanted = Long.parseLong(desired.spec().storage().size().replace("Gi", "")) * Disk.GIB;
        return observed.volumes().stream()
                .filter(volume -> volume.capacityBytes() > wanted)
                .findFirst()
                .<Decision>map(volume -> new Decision.Act(new Step.Expand(volume, wanted), "the size differs"))
                .orElseGet(() -> Rollout.next(desired, observed, now));
    }

    private static Decision withoutReplacement(Desired desired, Observed observed, Instant now) {
        Decision decision = Rollout.next(desired, observed, now);
        return decision instanceof Decision.Act act && act.step() instanceof Step.Replace
                ? new Decision.Wait(Gate.MEMBER_DOWN, act.reason(), Optional.empty())
                : decision;
    }

    private static Decision withoutSuspectsFirst(Desired desired, Observed observed, Instant now) {
        Decision decision = Rollout.next(desired, observed, now);
        return decision instanceof Decision.Act act
                        && act.step() instanceof Step.Restart
                        && act.reason().contains("goes first")
                ? MutatedRollout.runSanityTest(desired, observed, now)
                : decision;
    }

    private static Decision withoutRestartForVolumeGrowth(Desired desired, Observed observed, Instant now) {
        Decision decision = Rollout.next(desired, observed, now);
        return decision instanceof Decision.Act act
                        && act.step() instanceof Step.Restart restart
                        && restart.reasons().contains(RestartReason.VOLUME_GROWS)
                ? new Decision.Wait(Gate.VOLUME_GROWTH, act.reason(), Optional.empty())
                : decision;
    }
}
