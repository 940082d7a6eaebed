package dev.ensembled.reconciler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.rollout.Gate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The brain against a model world, by histories that seeds make. More of them:
 * {@code mvn -pl reconciler test -Dtest=SimulationTest -Dsimulation.histories=1000000}; others:
 * {@code -Dsimulation.seed=}.
 */
class SimulationTest {
    private static final Logger LOG = Logger.getLogger(SimulationTest.class.getName());
    private static final long HISTORIES = Long.getLong("simulation.histories", 10_000);
    private static final long SEED = Long.getLong("simulation.seed", 1);
    private static final long HISTORIES_PER_MUTATION = 4_000;

    @Test
    void everyPropertyHoldsInEveryHistory() {
        Histories histories = new Histories(Mutation.NONE);
        long start = System.nanoTime();

        Optional<History> failing = histories.firstFailing(SEED, HISTORIES);

        Duration took = Duration.ofNanos(System.nanoTime() - start);
        LOG.info(() -> "histories=%d cycles=%d seconds=%.1f perSecond=%d"
                .formatted(
                        HISTORIES,
                        histories.cycles(),
                        took.toMillis() / 1000.0,
                        HISTORIES * 1000 / Math.max(1, took.toMillis())));
        assertThat(failing.map(histories::tell)).isEmpty();
    }

    static List<Mutation> mutations() {
        return List.of(
                // An unknown member is no serving member either: that gate alone gives the better reason.
                Mutation.withoutGates(Gate.MEMBER_DOWN, Gate.UNKNOWN_MEMBER),
                Mutation.withoutGates(Gate.MEMBER_DOWN),
                Mutation.withoutGates(Gate.ONE_LEADER),
                Mutation.withoutGates(Gate.CONFIG_VERSION),
                Mutation.withoutGates(Gate.DATA_BEHIND),
                Mutation.withoutGates(Gate.SETTLE),
                Mutation.withoutGates(Gate.PAUSED),
                Mutation.withoutGates(Gate.QUORUM),
                Mutation.withoutGates(Gate.BUDGET),
                Mutation.withoutGates(Gate.REPLACEMENT_SERVES),
                Mutation.withoutGates(Gate.REPLACEMENT_EVIDENCE),
                // Who is ready says that it does not serve only for a moment, in which the leader counts it.
                Mutation.withoutGates(Gate.REPLACEMENT_PROBE, Gate.REPLACEMENT_EVIDENCE),
                Mutation.forgetsDoubt(),
                Mutation.deafToTheLeadersCount(),
                Mutation.deafToOthersThatServe(),
                // So is an unknown member one that is away.
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
                Mutation.withoutGates(Gate.SOAK),
                Mutation.foundedWhenForgotten(),
                Mutation.formedIsForgotten(),
                Mutation.joinsBeforeItIsRemoved(),
                Mutation.joinsTogether(),
                Mutation.removesTheLeader(),
                Mutation.keepsAMuteLeader(),
                Mutation.retiresMembers(),
                Mutation.withoutSanityTestAfterReconfiguration(),
                Mutation.withoutSnapshot(),
                Mutation.withoutProgress(),
                Mutation.deafToStorage(),
                Mutation.withoutFreshLook(),
                Mutation.leaderFirst(),
                Mutation.asksWhoMayRefuse(),
                Mutation.withoutSanityTest(),
                Mutation.withoutReplacement(),
                Mutation.withoutSuspects(),
                Mutation.withoutRestartForVolumes());
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void missingRuleIsDetected(Mutation mutation) {
        assertThat(new Histories(mutation).anyFailing(SEED, HISTORIES_PER_MUTATION))
                .isPresent();
    }
}
