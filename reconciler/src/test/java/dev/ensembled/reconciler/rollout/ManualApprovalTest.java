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

    private static Requests asking(String request, String value) {
        return Requests.named(name -> Optional.of(value).filter(v -> name.equals(request)));
    }

    private static Requests now(String token) {
        return asking(Requests.RECONCILE_NOW, token);
    }

    private static Requests approving(String what) {
        return asking(Requests.APPROVE, what);
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
    void pauseRequestHoldsTheRollWithItsReasonUntilItIsWithdrawn() {
        Scene scene = roll(spec -> {}).requests(asking(Requests.PAUSED, "ann at 10:00: load\u001b[2J test"));

        assertThat(decide(scene)).asInstanceOf(type(Wait.class)).satisfies(wait -> {
            assertThat(wait.gate()).isEqualTo(Gate.PAUSED);
            assertThat(wait.reason())
                    .startsWith(
                            "the annotation ensembled.dev/paused is set (ann at 10:00: load?[2J test); 3 members wait")
                    .endsWith("To resume: kubectl -n streaming annotate zke kafka ensembled.dev/paused-");
        });
        assertThat(stepOf(scene.requests(Requests.NONE))).isInstanceOf(Step.Restart.class);
        assertThat(stepOf(scene.requests(asking(Requests.PAUSED, "false")))).isInstanceOf(Step.Restart.class);
    }

    @Test
    void pauseRequestHoldsAlsoReplacementsAndTheRequestToReconcileNow() {
        Requests paused = asking(Requests.PAUSED, "true");
        Requests both = new Requests(
                Optional.of("a"), Optional.empty(), Optional.empty(), Optional.of("true"), Optional.empty());

        assertThat(decide(rollAtNight().requests(both)).closedGate()).contains(Gate.PAUSED);
        assertThat(decide(Scene.of(3, 2).specAsksFor(5, 0).requests(paused)).closedGate())
                .contains(Gate.PAUSED);
        assertThat(decide(roll(spec -> {}).requests(paused).member(2).crashed().scene())
                        .reason())
                .contains("the annotation ensembled.dev/paused is set");
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
