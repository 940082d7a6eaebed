package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import dev.ensembled.reconciler.spec.model.RolloutSpec;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Decisions of people: maintenance windows, exceptions from them, and approvals. */
class ManualApprovalTest {
    private static final Window AT_NIGHT = new Window("0 2 * * *", Duration.ofHours(1), null);

    private static Scene roll(List<Window> windows, Approval approval) {
        RolloutSpec rollout =
                new RolloutSpec(false, Scene.SETTLE, Scene.PROGRESS_DEADLINE, null, windows, approval, null);
        return Scene.of(3).wanting("new").spec(spec -> Scene.withRollout(spec, rollout));
    }

    private static Requests now(String token) {
        return new Requests(Optional.of(token), Optional.empty(), Optional.empty());
    }

    private static Requests approving(String what) {
        return new Requests(Optional.empty(), Optional.of(what), Optional.empty());
    }

    @Test
    void aClosedWindowHoldsTheRollUntilItOpens() {
        Scene scene = roll(List.of(AT_NIGHT), null);

        assertThat(decide(scene)).asInstanceOf(type(Wait.class)).satisfies(wait -> {
            assertThat(wait.gate()).hasToString("window");
            assertThat(wait.until()).contains(Instant.parse("2026-03-02T02:00:00Z"));
            assertThat(wait.reason())
                    .contains("annotate --overwrite zke kafka ensembled.dev/reconcile-now=$(date +%s)");
        });
    }

    @Test
    void reconcileRequestSkipsTheWindowOnceAndNeverAGate() {
        assertThat(stepOf(roll(List.of(AT_NIGHT), null).requests(now("a")))).isInstanceOf(Step.Restart.class);
        assertThat(decide(roll(List.of(AT_NIGHT), null).requests(now("a")).budget("team", 0, 1, 2, 3)))
                .asInstanceOf(type(Wait.class))
                .extracting(Wait::gate)
                .hasToString("budget");
        assertThat(decide(roll(List.of(AT_NIGHT), null).requests(now("a")).memory(Memory.NOTHING.handled("a"))))
                .isInstanceOf(Wait.class);
    }

    @Test
    void theLeaderWaitsForApprovalAndSaysHowToGiveIt() {
        Scene scene = roll(null, Approval.Leader)
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
        assertThat(stepOf(roll(null, Approval.Always).requests(approving("7")))).isInstanceOf(Step.Restart.class);
        assertThat(stepOf(roll(null, Approval.Always).requests(approving("7:2,3"))))
                .isInstanceOf(Step.Restart.class);
        assertThat(decide(roll(null, Approval.Always).requests(approving("6")))).isInstanceOf(Wait.class);
        assertThat(decide(roll(null, Approval.Always).requests(approving("7:1"))))
                .isInstanceOf(Wait.class);
    }
}
