package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.cycle.Platform;
import dev.ensembled.reconciler.cycle.WeakenedCycle.Decide;
import dev.ensembled.reconciler.plan.Plan;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Rollout;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.rollout.WeakenedRollout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A rule taken away.
 *
 * @param blind whether looks past the caches do not get past them
 */
record Mutation(String name, Decide decide, boolean blind) {
    static final Mutation NONE = new Mutation("none", Rollout::next, false);

    static Mutation withoutGates(String... gates) {
        Set<String> names = Set.of(gates);
        return new Mutation(
                "without " + String.join(" and ", gates),
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
                            ? new Decision.Wait("member-down", act.reason(), Optional.empty())
                            : decision;
                },
                false);
    }

    Platform.Look look(Platform.Look wanted) {
        return blind ? Platform.Look.CACHED : wanted;
    }

    @Override
    public String toString() {
        return name;
    }
}
