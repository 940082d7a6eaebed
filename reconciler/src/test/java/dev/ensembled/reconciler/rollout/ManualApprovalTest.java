package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.SpecSketch;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Decisions of people: maintenance windows, exceptions from them, and approvals. */
class ManualApprovalTest {
    private static final Window AT_NIGHT = new Window("0 2 * * *", Duration.ofHours(1), "UTC");

    private static Scene rollAtNight() {
        return roll(spec -> spec.windows(List.of(AT_NIGHT)));
    }

    private static Scene rollWith(Approval approval) {
        return roll(spec -> spec.approval(approval));
    }

    private static Scene roll(Consumer<SpecSketch> change) {
        return Scene.of(3).wanting("new").spec(change);
    }

    private static Requests now(String token) {
        return new Requests(Optional.of(token), Optional.empty(), Optional.empty());
    }

    private static Requests approving(String what) {
        return new Requests(Optional.empty(), Optional.of(what), Optional.empty());
    }

    @Test
    void aClosedWindowHoldsTheRollUntilItOpens() {
        Scene scene = rollAtNight();

        assertThat(decide(scene)).asInstanceOf(type(Wait.class)).satisfies(wait -> {
            assertThat(wait.gate()).hasToString("window");
            assertThat(wait.until()).contains(Instant.parse("2026-03-02T02:00:00Z"));
            assertThat(wait.reason())
                    .contains("annotate --overwrite zke kafka ensembled.dev/reconcile-now=$(date +%s)");
        });
    }

    @Test
    void reconcileRequestSkipsTheWindowOnceAndNeverAGate() {
        assertThat(stepOf(rollAtNight().requests(now("a")))).isInstanceOf(Step.Restart.class);
        assertThat(decide(rollAtNight().requests(now("a")).budget("team", 0, 1, 2, 3)))
                .asInstanceOf(type(Wait.class))
                .extracting(Wait::gate)
                .hasToString("budget");
        assertThat(decide(rollAtNight().requests(now("a")).memory(Memory.NOTHING.handled("a"))))
                .isInstanceOf(Wait.class);
    }

    @Test
    void theLeaderWaitsForApprovalAndSaysHowToGiveIt() {
        Scene scene = rollWith(Approval.Leader)
                .member(2)
                .revision("new")
                .member(3)
                .revision("new")
                .scene();

        assertThat(decide(scene)).asInstanceOf(type(Wait.class)).satisfies(wait -> {
            assertThat(wait.gate()).hasToString("approval");
            assertThat(wait.reason()).contains("ensembled.dev/approve=7:leader");
        });
        assertThat(stepOf(scene.requests(approving("7:leader")))).isInstanceOf(Step.Restart.class);
    }

    @Test
    void approvalInAdvanceHoldsForThisGenerationOnly() {
        assertThat(stepOf(rollWith(Approval.Always).requests(approving("7")))).isInstanceOf(Step.Restart.class);
        assertThat(stepOf(rollWith(Approval.Always).requests(approving("7:2,3"))))
                .isInstanceOf(Step.Restart.class);
        assertThat(decide(rollWith(Approval.Always).requests(approving("6")))).isInstanceOf(Wait.class);
        assertThat(decide(rollWith(Approval.Always).requests(approving("7:1")))).isInstanceOf(Wait.class);
    }
}
