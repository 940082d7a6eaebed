package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.StatusSketch;
import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.cycle.WeakenedCycle.Decide;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Rollout;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.rollout.Step.Change;
import dev.ensembled.reconciler.rollout.WeakenedRollout;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A rule taken away.
 *
 * @param blind whether looks past the caches do not get past them
 */
record Mutation(String name, Decide decide, boolean blind) {
    static final Mutation NONE = new Mutation("none", Rollout::next, false);

    static Mutation withoutGates(Gate... gates) {
        Set<Gate> names = Set.of(gates);
        return new Mutation(
                "without " + names.stream().map(Gate::toString).sorted().collect(Collectors.joining(" and ")),
                (desired, observed, now) -> WeakenedRollout.withoutGates(desired, observed, now, names),
                false);
    }

    /** Acts on what a cache says. */
    static Mutation withoutFreshLook() {
        return new Mutation("without a fresh look", Rollout::next, true);
    }

    static Mutation leaderFirst() {
        return new Mutation(
                "leader first",
                (desired, observed, now) -> WeakenedRollout.withPlan(desired, observed, now, plan -> {
                    List<Plan.Outdated> reversed = new ArrayList<>(plan.restarts());
                    Collections.reverse(reversed);
                    return new Plan(plan.objects(), reversed);
                }),
                false);
    }

    /** Reconfigurations are asked for before the leader was restarted for another password. */
    static Mutation asksWhoMayRefuse() {
        return new Mutation(
                "asks a leader of another password",
                (desired, observed, now) -> WeakenedRollout.withPlan(
                        desired,
                        observed,
                        now,
                        plan -> new Plan(
                                plan.objects(),
                                plan.restarts().stream()
                                        .map(Mutation::forNoPassword)
                                        .toList())),
                false);
    }

    private static Plan.Outdated forNoPassword(Plan.Outdated outdated) {
        return outdated.reasons().contains(RestartReason.CREDENTIALS_CHANGED)
                ? new Plan.Outdated(outdated.member(), outdated.instance(), List.of(RestartReason.POD_TEMPLATE_CHANGED))
                : outdated;
    }

    static Mutation withoutSanityTest() {
        return new Mutation(
                "without the sanity test",
                (desired, observed, now) -> Rollout.next(desired, WeakenedRollout.proven(desired, observed, now), now),
                false);
    }

    /** A member that does not serve is waited for, at whatever revision. */
    static Mutation withoutReplacement() {
        return new Mutation(
                "without replacement",
                (desired, observed, now) -> {
                    Decision decision = Rollout.next(desired, observed, now);
                    return decision instanceof Decision.Act act && act.step() instanceof Step.Replace
                            ? new Decision.Wait(Gate.MEMBER_DOWN, act.reason(), Optional.empty())
                            : decision;
                },
                false);
    }

    /** A member of a revision that serves and fails the proof is waited for, whatever is wanted. */
    static Mutation withoutSuspects() {
        return new Mutation(
                "without suspects going first",
                (desired, observed, now) -> {
                    Decision decision = Rollout.next(desired, observed, now);
                    return decision instanceof Decision.Act act
                                    && act.step() instanceof Step.Restart
                                    && act.reason().contains("goes first")
                            ? WeakenedRollout.verify(desired, observed, now)
                            : decision;
                },
                false);
    }

    /** Volumes are only waited for. */
    static Mutation withoutRestartForVolumes() {
        return new Mutation(
                "without restarts for volumes",
                (desired, observed, now) -> {
                    Decision decision = Rollout.next(desired, observed, now);
                    return decision instanceof Decision.Act act
                                    && act.step() instanceof Step.Restart restart
                                    && restart.reasons().contains(RestartReason.VOLUME_GROWS)
                            ? new Decision.Wait(Gate.VOLUME_GROWTH, act.reason(), Optional.empty())
                            : decision;
                },
                false);
    }

    /** A status that was lost does not count as one of an ensemble that was formed. */
    static Mutation foundedWhenForgotten() {
        return withLook("founded again when its status is lost", (desired, observed) -> {
            boolean forgotten = !observed.status().wasBootstrapped();
            return WeakenedRollout.remembering(observed, observed.status(), observed.remains() && !forgotten);
        });
    }

    /** That it has formed is never put on record. */
    static Mutation formedIsForgotten() {
        return withLook("founded again when nobody serves", (desired, observed) -> {
            EnsembleStatus status = observed.status();
            EnsembleStatus unformed = StatusSketch.notBootstrapped(status)
                    .memory(status.memory()
                            .bootstrapping(
                                    desired.spec().voters(), desired.spec().observers()))
                    .build();
            return WeakenedRollout.remembering(observed, unformed, observed.remains());
        });
    }

    /** A server that moves data is not known to. */
    static Mutation withoutProgress() {
        return withLook("without a look at who still fetches", (desired, observed) -> WeakenedRollout.still(observed));
    }

    /** What the storage says of why a volume does not grow is not heard. */
    static Mutation deafToStorage() {
        return withLook("deaf to the storage", (desired, observed) -> WeakenedRollout.deafToStorage(observed));
    }

    /** That a member was in doubt until a moment ago is not remembered. */
    static Mutation forgetsDoubt() {
        return replacing("without a memory of doubt", WeakenedRollout::agreedLongAgo);
    }

    /** Whom the leader has in sync is taken from what the others say. */
    static Mutation deafToTheLeadersCount() {
        return replacing("deaf to the leader's count", WeakenedRollout::countingOnlyWhoSaysSo);
    }

    /** Followers of a leader that is not seen are taken for such as look for one. */
    static Mutation deafToOthersThatServe() {
        return replacing("deaf to followers without a leader", WeakenedRollout::withoutFollowersOfNobody);
    }

    /** Whoever is replaced when the look is another one is replaced; all else is decided by the look as it is. */
    private static Mutation replacing(String name, UnaryOperator<Observed> change) {
        return new Mutation(
                name,
                (desired, observed, now) -> {
                    Decision decision = Rollout.next(desired, change.apply(observed), now);
                    return decision instanceof Decision.Act act && act.step() instanceof Step.Replace
                            ? decision
                            : Rollout.next(desired, observed, now);
                },
                false);
    }

    private static Mutation withLook(String name, BiFunction<Desired, Observed, Observed> change) {
        return new Mutation(
                name, (desired, observed, now) -> Rollout.next(desired, change.apply(desired, observed), now), false);
    }

    static Mutation withoutSanityTestAfterReconfiguration() {
        return new Mutation(
                "without the sanity test after a reconfiguration",
                (desired, observed, now) ->
                        Rollout.next(desired, WeakenedRollout.testedInAnyMembership(desired, observed, now), now),
                false);
    }

    /** Who lost its data is let in again at once, in the place that it has. */
    static Mutation joinsBeforeItIsRemoved() {
        return withStep("joins before it is removed", (observed, step) -> {
            if (step instanceof Step.Reconfigure loss && loss.change() == Change.REMOVE) {
                Member lost = observed.members().get(loss.member() - 1);
                return lost.serves() || lost.instance().isEmpty()
                        ? step
                        : new Step.PermitStart(
                                lost.id(), lost.instance().get(), Instance.StartPermit.JOIN, loss.from());
            }
            return step;
        });
    }

    /** Places go as soon as they are not wanted, with the members that have them. */
    static Mutation retiresMembers() {
        return withStep(
                "retires members",
                (observed, step) -> step instanceof Step.Reconfigure leave && leave.change() == Change.REMOVE
                        ? new Step.ScaleDown(observed.replicas(), leave.member() - 1, List.of(leave.member()))
                        : step);
    }

    /** A leader that commits nothing, and that nobody can join, is only tested again. */
    static Mutation keepsAMuteLeader() {
        return withStep(
                "keeps a mute leader",
                (observed, step) -> step instanceof Step.Replace replace
                                && replace.reasons().contains(RestartReason.LEADER_COMMITS_NOTHING)
                        ? new Step.RunSanityTest(replace.member(), replace.member(), "nothing")
                        : step);
    }

    static Mutation removesTheLeader() {
        return withStep(
                "removes the leader",
                (observed, step) -> step instanceof Step.Reconfigure leave && leave.change() == Change.DEMOTE
                        ? new Step.Reconfigure(
                                Change.REMOVE,
                                leave.member(),
                                leave.from(),
                                leave.from().without(leave.member()),
                                leave.leader())
                        : step);
    }

    /** All that join, join at once. */
    static Mutation joinsTogether() {
        return withStep("joins with another one", (observed, step) -> {
            if (step instanceof Step.Reconfigure join && join.change() == Change.JOIN) {
                return new Step.Reconfigure(
                        Change.JOIN,
                        join.member(),
                        join.from(),
                        join.to().with(join.member() + 1, false),
                        join.leader());
            }
            return step;
        });
    }

    static Mutation withoutSnapshot() {
        return new Mutation(
                "without a snapshot before an upgrade",
                (desired, observed, now) -> Rollout.next(
                        desired,
                        WeakenedRollout.remembering(
                                observed,
                                observed.status()
                                        .withMemory(observed.status()
                                                .memory()
                                                .snapshotTakenFor(desired.spec().version())),
                                observed.remains()),
                        now),
                false);
    }

    private static Mutation withStep(String name, BiFunction<Observed, Step, Step> change) {
        return new Mutation(
                name,
                (desired, observed, now) -> {
                    Decision decision = Rollout.next(desired, observed, now);
                    return decision instanceof Decision.Act act
                            ? new Decision.Act(change.apply(observed, act.step()), act.reason())
                            : decision;
                },
                false);
    }

    Platform.ReadMode readMode(Platform.ReadMode wanted) {
        return blind ? Platform.ReadMode.CACHED : wanted;
    }

    @Override
    public String toString() {
        return name;
    }
}
