package dev.ensembled.reconciler.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.simulation.history.History;
import dev.ensembled.reconciler.simulation.mutation.Mutation;
import dev.ensembled.reconciler.simulation.mutation.Mutations;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the reconciler against the model, with histories that are generated from consecutive seeds, and checks every
 * invariant; then switches off one rule at a time, which some history must detect. See docs/testing.md.
 */
class SimulationTest {
    private static final Logger LOG = Logger.getLogger(SimulationTest.class.getName());
    private static final long HISTORIES = Long.getLong("simulation.histories", 10_000);
    private static final String SEED_PROPERTY = System.getProperty("simulation.seed", "1");
    private static final boolean RANDOM = SEED_PROPERTY.equals("random");
    private static final long SEED =
            RANDOM ? RandomGenerator.getDefault().nextInt(1, Integer.MAX_VALUE) : Long.parseLong(SEED_PROPERTY);

    /** Not random: a rare mutation need not be detected from every seed. */
    private static final long MUTATION_SEED = RANDOM ? 1 : SEED;

    private static final long HISTORIES_PER_MUTATION = 4_000;

    @BeforeAll
    static void printSeed() {
        LOG.info(() -> ("simulation: seed=%d histories=%d; to repeat: mvn -pl reconciler test -Dtest=SimulationTest"
                        + " -Dsimulation.seed=%d -Dsimulation.histories=%d")
                .formatted(SEED, HISTORIES, SEED, HISTORIES));
    }

    @Test
    void everyInvariantHoldsInEveryHistory() {
        HistoryRunner runner = new HistoryRunner(Mutation.NONE);
        long start = System.nanoTime();

        Optional<History> failing = runner.firstFailing(SEED, HISTORIES);

        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        LOG.info(() -> "simulation: seed=%d histories=%d cycles=%d seconds=%.1f perSecond=%d"
                .formatted(SEED, HISTORIES, runner.cycles(), millis / 1000.0, HISTORIES * 1000 / Math.max(1, millis)));
        assertThat(failing.map(new Shrinker(Mutation.NONE)::report)).isEmpty();
    }

    static Stream<Mutation> mutations() {
        return Mutations.all();
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void mutationIsDetected(Mutation mutation) {
        assertThat(new HistoryRunner(mutation).anyFailing(MUTATION_SEED, HISTORIES_PER_MUTATION))
                .as("a history that fails %s, from seed %d", mutation, MUTATION_SEED)
                .isPresent();
    }
}
