package dev.ensembled.reconciler.simulation.model;

import dev.ensembled.reconciler.conformance.Scenario;
import dev.ensembled.reconciler.conformance.ScenarioRun;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The model of ZooKeeper servers does what real servers do; RealConformanceTest holds the same table against those. */
class ModelConformanceTest {
    /** Delays of the model follow from the seed. */
    private static final int SEEDS = 20;

    static List<Scenario> scenarios() throws IOException {
        return Scenario.all();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void modelDoesWhatServersDo(Scenario scenario) {
        for (int seed = 1; seed <= SEEDS; seed++) {
            new ScenarioRun(new ModelEnsemble(seed)).run(scenario);
        }
    }
}
