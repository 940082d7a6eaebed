package dev.ensembled.reconciler.simulation.mutation;

import dev.ensembled.reconciler.StatusSketch;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.MutatedRollout;
import dev.ensembled.reconciler.rollout.Rollout;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.util.List;
import java.util.function.UnaryOperator;

/** Mutations by which the rollout ignores a part of the observation. */
final class ObservationMutations {
    private ObservationMutations() {}

    static List<Mutation> all() {
        return List.of(
                replacingOn("without the evidence period", MutatedRollout::withOldEvidence),
                replacingOn("without the leader's count as evidence", MutatedRollout::withLeaderCountFromReports),
                replacingOn(
                        "without followers of an unobserved leader as evidence",
                        MutatedRollout::withoutLeaderlessFollowers),
                Mutation.ofObservation(
                        "without remaining objects as a sign of a bootstrapped ensemble",
                        ObservationMutations::withoutRemains),
                Mutation.ofObservation(
                        "without the record that the ensemble is bootstrapped",
                        ObservationMutations::withoutBootstrapped),
                Mutation.ofObservation(
                        "without the progress of servers that receive data",
                        (desired, observed) -> MutatedRollout.withoutTransferProgress(observed)),
                Mutation.ofObservation(
                        "without the reason why a volume does not grow",
                        (desired, observed) -> MutatedRollout.withoutVolumeFailures(observed)));
    }

    /** Only replacements are decided on the changed observation. */
    private static Mutation replacingOn(String name, UnaryOperator<Observed> change) {
        return Mutation.ofDecision(name, (desired, observed, now) -> {
            Decision decision = Rollout.next(desired, change.apply(observed), now);
            return decision instanceof Decision.Act act && act.step() instanceof Step.Replace
                    ? decision
                    : Rollout.next(desired, observed, now);
        });
    }

    private static Observed withoutRemains(Desired desired, Observed observed) {
        boolean statusIsLost = !observed.status().wasBootstrapped();
        return MutatedRollout.withStatus(observed, observed.status(), observed.remains() && !statusIsLost);
    }

    private static Observed withoutBootstrapped(Desired desired, Observed observed) {
        EnsembleStatus status = observed.status();
        EnsembleStatus changed = StatusSketch.notBootstrapped(status)
                .memory(status.memory()
                        .bootstrapping(desired.spec().voters(), desired.spec().observers()))
                .build();
        return MutatedRollout.withStatus(observed, changed, observed.remains());
    }
}
