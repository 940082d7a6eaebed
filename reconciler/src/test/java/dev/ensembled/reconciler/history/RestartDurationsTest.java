package dev.ensembled.reconciler.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.history.RecordedStep.State;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartDurationsTest {
    private final List<RecordedStep> steps = new ArrayList<>();

    @Test
    void nothingIsExpectedWithoutACompletedRestart() {
        step("RestartingMember", "follower", 5, State.Running);
        step("RestartingMember", "follower", 500, State.Superseded);
        step("ReplacingMember", null, 5, State.Completed);
        step("ApplyingObjects", null, 5, State.Completed);

        assertThat(expected(Role.FOLLOWER)).isEmpty();
    }

    @Test
    void theMedianIsExpectedSoThatOneSlowRestartDoesNotMatter() {
        restarts("follower", 4, 900, 6);

        assertThat(expected(Role.FOLLOWER)).contains(Duration.ofSeconds(6));
        restarts("observer", 5);
        assertThat(expected(Role.OBSERVER)).contains(Duration.ofMillis(5500));
    }

    @Test
    void aLeaderIsComparedWithLeadersIfThereAreThree() {
        restarts("follower", 4, 4, 4, 4);
        restarts("leader", 9, 9);
        assertThat(expected(Role.LEADER)).contains(Duration.ofSeconds(4));
        assertThat(expected(Role.FOLLOWER)).contains(Duration.ofSeconds(4));

        restarts("leader", 10);
        assertThat(expected(Role.LEADER)).contains(Duration.ofSeconds(9));
        assertThat(expected(Role.FOLLOWER)).contains(Duration.ofSeconds(4));
    }

    @Test
    void onlyTheLastTenCount() {
        restarts("follower", 100, 100, 100, 100, 100, 100, 100, 100, 100, 100);
        restarts("follower", 3, 3, 3, 3, 3, 3, 3, 3, 3, 3);

        assertThat(expected(Role.FOLLOWER)).contains(Duration.ofSeconds(3));
    }

    @Test
    void aRestartIsRecordedUnderTheKindThatIsLookedFor() {
        Step.Restart restart = new Step.Restart(
                1, Scene.of(3).observed().members().get(0).instance().orElseThrow(), true, List.of());

        assertThat(restart.reason()).isEqualTo(Step.Restart.KIND);
    }

    private Optional<Duration> expected(Role role) {
        return RestartDurations.expected(
                new History(List.of(new RecordedCommit("abc", 1, null, Scene.NOW, null, steps, List.of()))), role);
    }

    private void restarts(String role, int... seconds) {
        for (int took : seconds) {
            step("RestartingMember", role, took, State.Completed);
        }
    }

    private void step(String kind, String role, int seconds, State state) {
        steps.add(new RecordedStep(
                kind,
                "a step",
                1,
                role,
                "uid",
                List.of(),
                "because",
                Scene.NOW,
                state == State.Running ? null : Scene.NOW.plusSeconds(seconds),
                state));
    }
}
