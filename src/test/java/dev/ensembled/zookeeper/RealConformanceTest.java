package dev.ensembled.zookeeper;

import dev.ensembled.reconciler.conformance.Scenario;
import dev.ensembled.reconciler.conformance.ScenarioRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real servers do what the table says; ModelConformanceTest holds the model of the simulation against the same table. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class RealConformanceTest {
    @TempDir
    Path dir;

    static List<Scenario> scenarios() throws IOException {
        return Scenario.all();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void serversDoWhatTheTableSays(Scenario scenario) throws Exception {
        try (RealServers servers = new RealServers(dir)) {
            new ScenarioRun(new RealEnsemble(servers)).run(scenario);
        }
    }
}
