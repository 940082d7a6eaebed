package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static dev.ensembled.reconciler.rollout.RolloutTest.stepOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.rollout.Decision.Refused;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.spec.EnsembleSpec.Approval;
import dev.ensembled.reconciler.spec.EnsembleSpec.Rollout;
import dev.ensembled.reconciler.spec.EnsembleSpec.Storage;
import dev.ensembled.reconciler.spec.EnsembleSpec.Window;
import dev.ensembled.reconciler.spec.EnsembleStatus;
import dev.ensembled.reconciler.spec.EnsembleStatus.Memory;
import dev.ensembled.reconciler.spec.EnsembleStatus.RolloutStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Windows, approvals, volumes, and what a write alone can tell. */
class PeopleTest {
    private static final Window AT_NIGHT = new Window("0 2 * * *", Duration.ofHours(1), null);

    private static Scene roll(List<Window> windows, Approval approval) {
        Rollout rollout = new Rollout(false, Scene.SETTLE, Scene.MEMBER_TIMEOUT, null, windows, approval, null);
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
            assertThat(wait.gate()).isEqualTo("window");
            assertThat(wait.until()).contains(Instant.parse("2026-03-02T02:00:00Z"));
            assertThat(wait.reason()).contains("annotate --overwrite zke kafka ensembled.dev/reconcile-now=now");
        });
    }

    @Test
    void aRequestToReconcileNowSkipsTheWindowOnceAndNeverAGate() {
        assertThat(stepOf(roll(List.of(AT_NIGHT), null).requests(now("a")))).isInstanceOf(Step.Restart.class);
        assertThat(decide(roll(List.of(AT_NIGHT), null).requests(now("a")).budget("team", 0, 1, 2, 3)))
                .asInstanceOf(type(Wait.class))
                .extracting(Wait::gate)
                .isEqualTo("budget");
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
            assertThat(wait.gate()).isEqualTo("approval");
            assertThat(wait.reason()).contains("ensembled.dev/approve=7:leader");
        });
        assertThat(stepOf(scene.requests(approving("7:leader")))).isInstanceOf(Step.Restart.class);
    }

    @Test
    void aStepMayBeApprovedInAdvanceAndOnlyForThisGeneration() {
        assertThat(stepOf(roll(null, Approval.Always).requests(approving("7")))).isInstanceOf(Step.Restart.class);
        assertThat(stepOf(roll(null, Approval.Always).requests(approving("7:2,3"))))
                .isInstanceOf(Step.Restart.class);
        assertThat(decide(roll(null, Approval.Always).requests(approving("6")))).isInstanceOf(Wait.class);
        assertThat(decide(roll(null, Approval.Always).requests(approving("7:1"))))
                .isInstanceOf(Wait.class);
    }

    private static Scene sized(String size) {
        return Scene.of(1).spec(spec -> Scene.withStorage(spec, new Storage(size, null, null, null)));
    }

    @Test
    void claimsGrowFirst() {
        Scene scene = sized("2Gi").volume(new Volume("data-kafka-0", "data", 1, 1L << 30, 1L << 30, false));

        assertThat(stepOf(scene)).asInstanceOf(type(Step.Expand.class)).satisfies(expand -> {
            assertThat(expand.bytes()).isEqualTo(2L << 30);
            assertThat(expand.volume().claim()).isEqualTo("data-kafka-0");
        });
    }

    @Test
    void theSetIsMadeAnewWhenTheFileSystemsAreSeenGrown() {
        Scene growing = sized("2Gi")
                .object("StatefulSet", State.LAGGING)
                .volume(new Volume("data-kafka-0", "data", 1, 2L << 30, 1L << 30, false));
        Scene grown = sized("2Gi")
                .object("StatefulSet", State.LAGGING)
                .volume(new Volume("data-kafka-0", "data", 1, 2L << 30, 2L << 30, false));

        assertThat(decide(growing))
                .asInstanceOf(type(Wait.class))
                .extracting(Wait::gate)
                .isEqualTo("volume-growth");
        assertThat(stepOf(grown)).isInstanceOf(Step.Rebuild.class);
    }

    @Test
    void aVolumeThatOnlyGrowsWithARestartHasItsServerRestarted() {
        Scene scene = sized("2Gi").volume(new Volume("data-kafka-0", "data", 1, 2L << 30, 1L << 30, true));

        assertThat(stepOf(scene)).isInstanceOf(Step.Restart.class);
    }

    @Test
    void volumesDoNotShrink() {
        Scene scene = sized("1Gi").volume(new Volume("data-kafka-0", "data", 1, 2L << 30, 2L << 30, false));

        assertThat(decide(scene))
                .asInstanceOf(type(Refused.class))
                .extracting(Refused::reason)
                .asString()
                .contains("volumes cannot shrink: data-kafka-0");
    }

    private static Scene reconfigured(Instant since) {
        EnsembleStatus before = new EnsembleStatus(
                null,
                null,
                null,
                null,
                null,
                null,
                true,
                null,
                new RolloutStatus(null, "sanity-test", "no answer", since.toString(), 0),
                Situation.of(Scene.of(3).desired(), Scene.of(3).observed(), Scene.NOW)
                        .fingerprint(),
                null,
                null,
                null);
        return Scene.of(3)
                .committed(dev.ensembled.reconciler.observed.Membership.ofMajority(
                        0x100000009L, java.util.Set.of(1, 2, 3), java.util.Set.of()))
                .reported(before);
    }

    @Test
    void aLeaderThatCommitsNothingAfterAReconfigurationHasToLetAnotherLead() {
        assertThat(stepOf(reconfigured(Scene.NOW.minusSeconds(3)))).isInstanceOf(Step.Verify.class);
        assertThat(stepOf(reconfigured(Scene.NOW.minusSeconds(15))))
                .asInstanceOf(type(Step.Restart.class))
                .satisfies(restart -> {
                    assertThat(restart.leader()).isTrue();
                    assertThat(restart.reasons())
                            .containsExactly(dev.ensembled.reconciler.plan.RestartReason.LEADER_COMMITS_NOTHING);
                });
    }

    @Test
    void aServerThatFetchesALargeSnapshotIsGivenTheTimeThatItsSizeTakes() {
        Instant tooLong = Scene.NOW.minus(Scene.MEMBER_TIMEOUT).minusSeconds(60);
        Scene fetching = Scene.of(3)
                .member(1)
                .feeding(1, 1_000_000_000L)
                .member(3)
                .looking()
                .readySince(tooLong)
                .scene();
        Scene idle = Scene.of(3)
                .member(1)
                .feeding(0, 1_000_000_000L)
                .member(3)
                .looking()
                .readySince(tooLong)
                .scene();

        assertThat(decide(fetching)).isInstanceOf(Wait.class);
        assertThat(decide(idle))
                .asInstanceOf(type(Stalled.class))
                .extracting(Stalled::gate)
                .isEqualTo("member-not-serving");
    }
}
