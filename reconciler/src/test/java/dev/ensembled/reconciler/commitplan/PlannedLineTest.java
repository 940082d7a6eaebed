package dev.ensembled.reconciler.commitplan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.forecast.Continuation;
import dev.ensembled.reconciler.forecast.Forecast;
import dev.ensembled.reconciler.forecast.SpecChange;
import dev.ensembled.reconciler.observed.Revision;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlannedLineTest {
    private static final String COMMIT = "1a2b3c4d5e6f7081";
    private static final List<SpecChange> CHANGE =
            List.of(new SpecChange("config.maxClientCnxns", Optional.of("200"), Optional.of("201")));

    private static String line(Scene scene, List<SpecChange> changes) {
        Desired desired = scene.desired();
        Accepted accepted = new Accepted(
                desired.id(),
                desired.spec(),
                desired.generation(),
                Optional.empty(),
                false,
                Requests.NONE,
                scene.observed().status());
        Revision wanted = scene.observed().target().orElseThrow();
        Forecast forecast = Forecast.of(accepted, scene.observed(), wanted, Scene.NOW);
        return PlannedLine.of(
                COMMIT, changes, forecast, Continuation.of(forecast, accepted, scene.observed(), wanted, Scene.NOW));
    }

    @Test
    void restartsAreListedInTheirOrderAndTheLeaderByItsRole() {
        assertThat(line(Scene.of(3).wanting("new").ledBy(2), CHANGE))
                .isEqualTo("commit 1a2b3c4d5e: 3 restarts (1, 3, then leader 2); config.maxClientCnxns 200 -> 201");
    }

    @Test
    void heldRestartsNameTheGate() {
        assertThat(line(Scene.of(3).wanting("new").ledBy(2).budget("team", 0, 1, 2, 3), CHANGE))
                .startsWith("commit 1a2b3c4d5e: 3 restarts (1, 3, then leader 2) once the gate budget is open; ");
        assertThat(line(Scene.of(2).wanting("new"), CHANGE))
                .startsWith("commit 1a2b3c4d5e: no restart; then held at the gate quorum; ");
    }

    @Test
    void longChangesAreCut() {
        List<SpecChange> many = IntStream.range(0, 8)
                .mapToObj(i -> new SpecChange("config.a" + i, Optional.empty(), Optional.of("x".repeat(200))))
                .toList();

        assertThat(line(Scene.of(3), many))
                .contains("config.a0 (unset) -> " + "x".repeat(60) + "...")
                .endsWith("; 3 more changes of the spec")
                .hasSizeLessThan(1024);
    }
}
