package dev.ensembled.reconciler.simulation.mutation;

import dev.ensembled.reconciler.rollout.Gate;
import java.util.List;
import java.util.stream.Stream;

/** All mutations, each of which some history must detect. */
public final class Mutations {
    private Mutations() {}

    public static Stream<Mutation> all() {
        return Stream.of(
                        gates(),
                        ObservationMutations.all(),
                        DecisionMutations.all(),
                        StepMutations.all(),
                        SourceMutations.all(),
                        ForecastMutations.all(),
                        List.of(Mutation.withoutFreshObservation()))
                .flatMap(List::stream);
    }

    private static List<Mutation> gates() {
        return List.of(
                // An unknown member does not serve either, so without unknown-member alone, member-down is closed.
                Mutation.withoutGates(Gate.MEMBER_DOWN, Gate.UNKNOWN_MEMBER),
                Mutation.withoutGates(Gate.MEMBER_DOWN),
                Mutation.withoutGates(Gate.ONE_LEADER),
                Mutation.withoutGates(Gate.CONFIG_VERSION),
                Mutation.withoutGates(Gate.MEMBER_ROLE),
                Mutation.withoutGates(Gate.DATA_BEHIND),
                Mutation.withoutGates(Gate.SETTLE),
                Mutation.withoutGates(Gate.PAUSED),
                Mutation.withoutGates(Gate.QUORUM),
                Mutation.withoutGates(Gate.BUDGET),
                Mutation.withoutGates(Gate.REPLACEMENT_SERVES),
                Mutation.withoutGates(Gate.REPLACEMENT_EVIDENCE),
                // A ready server reports only for a moment that it does not serve, while the leader still counts it.
                Mutation.withoutGates(Gate.REPLACEMENT_PROBE, Gate.REPLACEMENT_EVIDENCE),
                // An unknown member does not count for the quorum either.
                Mutation.withoutGates(Gate.REPLACEMENT_BLIND, Gate.REPLACEMENT_QUORUM),
                Mutation.withoutGates(Gate.REPLACEMENT_QUORUM),
                Mutation.withoutGates(Gate.REPLACEMENT_SANITY_TEST),
                Mutation.withoutGates(Gate.REPLACEMENT_PAUSED),
                Mutation.withoutGates(Gate.LOSS_PAUSED),
                Mutation.withoutGates(Gate.LOSS_QUORUM),
                Mutation.withoutGates(Gate.LOSS_BLIND),
                Mutation.withoutGates(Gate.RECONFIGURATION_QUORUM),
                Mutation.withoutGates(Gate.WINDOW),
                Mutation.withoutGates(Gate.APPROVAL),
                Mutation.withoutGates(Gate.SOAK));
    }
}
