package dev.ensembled.reconciler.rollout;

import static dev.ensembled.reconciler.rollout.RolloutTest.decide;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ensembled.reconciler.MemberSketch;
import dev.ensembled.reconciler.MemberStatusSketch;
import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.StatusSketch;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Decision.Stalled;
import dev.ensembled.reconciler.rollout.Decision.Wait;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The difference between a late member and a failed member. */
class ProgressDeadlineTest {
    private static final Instant TOO_LONG =
            Scene.NOW.minus(Scene.PROGRESS_DEADLINE).minusSeconds(60);
    private static final long GIGABYTE = 1_000_000_000L;

    /** The third of three members is not back after the progress deadline; the leader has a gigabyte of data. */
    private static MemberSketch late(int fed) {
        return Scene.of(3).member(1).feeding(fed, GIGABYTE).member(3).looking().readySince(TOO_LONG);
    }

    @Test
    void serverThatFetchesALargeSnapshotGetsTimeForItsSize() {
        assertThat(decide(late(1).scene())).isInstanceOf(Wait.class);
        assertThat(decide(late(0).scene()))
                .asInstanceOf(type(Stalled.class))
                .extracting(Stalled::gate)
                .hasToString("member-not-serving");
    }

    @Test
    void serverThatKeepsMovingDataHasNotFailedHoweverLongItTakes() {
        assertThat(decide(late(0).moving(480 << 20).scene()))
                .asInstanceOf(type(Wait.class))
                .satisfies(wait -> {
                    assertThat(wait.gate()).hasToString("member-down");
                    assertThat(wait.reason()).endsWith("; it still moves data (480 MiB so far)");
                    assertThat(wait.until()).contains(Scene.NOW.plusSeconds(10));
                });
    }

    @Test
    void aServerThatLoadsItsOwnDataBeforeItListensHasNotFailedEither() {
        assertThat(decide(late(0).starting().moving(GIGABYTE).scene())).isInstanceOf(Wait.class);
    }

    @Test
    void serverThatRepeatsItsFetchHasFailedWithTheReason() {
        assertThat(decide(
                        late(1).readySince(Scene.LONG_AGO).moving(11 * GIGABYTE).scene()))
                .asInstanceOf(type(Stalled.class))
                .satisfies(stalled -> {
                    assertThat(stalled.gate()).hasToString("member-not-serving");
                    assertThat(stalled.reason())
                            .contains("It has moved 10490 MiB, many times the leader's 953 MiB")
                            .contains("initLimit");
                });
    }

    @Test
    void serverThatStartsToServeGetsTimeToBecomeReady() {
        Scene serves = late(0).serving(Role.FOLLOWER).notReady().scene();

        assertThat(decide(serves.reported(third("not serving", TOO_LONG))))
                .asInstanceOf(type(Wait.class))
                .satisfies(wait -> {
                    assertThat(wait.reason()).isEqualTo("member 3 serves, but is not ready");
                    assertThat(wait.until()).contains(Scene.NOW.plus(Scene.PROGRESS_DEADLINE));
                });
        assertThat(decide(serves.reported(third("follower", Scene.NOW.minusSeconds(1)))))
                .isInstanceOf(Wait.class);
        assertThat(decide(serves.reported(third("follower", TOO_LONG)))).isInstanceOf(Stalled.class);
    }

    private static EnsembleStatus third(String role, Instant since) {
        MemberStatus third = MemberStatusSketch.of(3)
                .instance("kafka-2")
                .role(role)
                .revision("")
                .ready(false)
                .since(since)
                .build();
        return StatusSketch.bootstrapped().members(third).build();
    }

    @Test
    void leavingServerThatKeepsMovingDataIsNotRemoved() {
        assertThat(ProgressDeadline.of(situation(late(0).moving(480 << 20)), third(late(0).moving(480 << 20)))
                        .hasPassed())
                .isFalse();
        assertThat(ProgressDeadline.of(situation(late(0)), third(late(0))).hasPassed())
                .isTrue();
    }

    private static Situation situation(MemberSketch member) {
        Scene scene = member.scene();
        return Situation.of(scene.desired(), scene.observed(), Scene.NOW);
    }

    private static dev.ensembled.reconciler.observed.Member third(MemberSketch member) {
        return member.scene().observed().members().get(2);
    }
}
