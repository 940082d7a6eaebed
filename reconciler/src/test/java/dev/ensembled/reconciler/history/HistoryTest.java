package dev.ensembled.reconciler.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.history.RecordedCycle.Held;
import dev.ensembled.reconciler.history.RecordedCycle.Taken;
import dev.ensembled.reconciler.history.RecordedStep.State;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Histories by sequences of cycles. */
class HistoryTest {
    private History history = History.EMPTY;
    private Instant now = Scene.NOW;
    private String commit = "abc";
    private long generation = 7;

    @Test
    void aRestartEndsWhenTheMemberServesInAnotherInstance() {
        taken(rolling(), restart(2, false));
        seconds(2);
        waits(rolling().member(2).terminating().scene());
        seconds(3);
        waits(rolling().member(2).uid("other").starting().scene());
        assertThat(steps()).singleElement().satisfies(running -> {
            assertThat(running.state()).isEqualTo(State.Running);
            assertThat(running.endedAt()).isNull();
        });
        seconds(1);
        waits(rolling().member(2).uid("other").scene());
        seconds(60);
        waits(rolling().member(2).uid("other").scene());

        assertThat(steps())
                .containsExactly(new RecordedStep(
                        "RestartingMember",
                        "restart member 2",
                        2,
                        "follower",
                        "uid-2",
                        List.of(RestartReason.CONFIG_CHANGED),
                        "because",
                        Scene.NOW,
                        Scene.NOW.plusSeconds(6),
                        State.Completed));
        assertThat(steps().get(0).took()).contains(Duration.ofSeconds(6));
        assertThat(history.newest().orElseThrow().revision()).isEqualTo("new");
    }

    @Test
    void aMemberThatStillServesInTheSameInstanceIsNotBack() {
        taken(rolling(), restart(2, false));
        seconds(1);
        waits(rolling());

        assertThat(steps()).extracting(RecordedStep::state).containsExactly(State.Running);
    }

    @Test
    void theRoleBeforeTheStepIsRecorded() {
        taken(Scene.of(3, 1).wanting("new"), restart(1, true));
        taken(Scene.of(3, 1).wanting("new"), restart(4, false));
        taken(
                Scene.of(3, 1).wanting("new").member(3).crashed().scene(),
                new Step.Replace(3, instance(3), List.of(RestartReason.IMAGE_CHANGED)));

        assertThat(steps()).extracting(RecordedStep::role).containsExactly("leader", "observer", null);
        assertThat(steps())
                .extracting(RecordedStep::step)
                .containsExactly(
                        "restart member 1 (leader)", "restart member 4", "replace member 3, which is not serving");
    }

    @Test
    void aStepOfAnEarlierDaemonEndsInTheSameWay() throws Exception {
        taken(rolling(), restart(2, false));

        history = HistoryText.read(HistoryText.of(history));
        seconds(4);
        waits(rolling().member(2).uid("other").scene());

        assertThat(steps()).singleElement().satisfies(step -> {
            assertThat(step.state()).isEqualTo(State.Completed);
            assertThat(step.took()).contains(Duration.ofSeconds(4));
        });
    }

    @Test
    void aMemberThatIsRestartedAgainBeforeItIsBackSupersedesTheStep() {
        taken(rolling(), restart(2, false));
        seconds(90);
        commit = "revert";
        generation++;
        taken(
                rolling().member(2).uid("other").crashed().scene(),
                new Step.Replace(2, instance(2), List.of(RestartReason.IMAGE_CHANGED)));
        seconds(5);
        waits(rolling().member(2).uid("third").scene());

        assertThat(steps()).extracting(RecordedStep::state).containsExactly(State.Superseded, State.Completed);
        assertThat(steps())
                .extracting(step -> step.took().orElseThrow().toSeconds())
                .containsExactly(90L, 5L);
        assertThat(history.commits()).extracting(RecordedCommit::commit).containsExactly("abc", "revert");
    }

    @Test
    void aMemberThatIsRemovedBeforeItIsBackSupersedesTheStep() {
        taken(rolling(), restart(3, false));
        seconds(9);
        waits(Scene.of(2));

        assertThat(steps()).extracting(RecordedStep::state).containsExactly(State.Superseded);
    }

    @Test
    void anyOtherStepHasEndedWhenItWasTaken() {
        Step apply = new Step.Apply(
                List.of(new ObjectState("Service", "kafka", ObjectState.State.DRIFTED, List.of(), "")), 3);
        taken(Scene.of(3), apply);

        assertThat(steps()).singleElement().satisfies(step -> {
            assertThat(step.kind()).isEqualTo("ApplyingObjects");
            assertThat(step.step()).isEqualTo("apply Service/kafka");
            assertThat(step.state()).isEqualTo(State.Completed);
            assertThat(step.took()).contains(Duration.ofMillis(20));
            assertThat(step.member()).isNull();
            assertThat(step.reasons()).isEmpty();
        });
    }

    @Test
    void sanityTestsAreNotRecordedAndEndAHold() {
        held(Scene.of(3), Gate.SANITY_TEST, true);
        seconds(5);
        taken(Scene.of(3), new Step.RunSanityTest(3, 2, "f00"));

        assertThat(steps()).isEmpty();
        assertThat(holds()).singleElement().satisfies(hold -> assertThat(hold.until())
                .isEqualTo(Scene.NOW.plusSeconds(5)));
    }

    @Test
    void attemptsThatOneGateKeepsBlockingAreOneHold() {
        held(rolling(), Gate.BUDGET, false);
        History once = history;
        for (int attempt = 0; attempt < 1000; attempt++) {
            seconds(2);
            held(rolling(), Gate.BUDGET, false);
            waits(rolling());
            stale(rolling());
        }
        assertThat(history).isSameAs(once);
        assertThat(history.newest().orElseThrow().openHold())
                .contains(new RecordedHold("budget", "because", false, Scene.NOW, null));

        taken(rolling(), restart(2, false));

        assertThat(holds())
                .containsExactly(new RecordedHold("budget", "because", false, Scene.NOW, Scene.NOW.plusSeconds(2000)));
    }

    @Test
    void anotherGateBeginsAnotherHold() {
        held(rolling(), Gate.WINDOW, false);
        seconds(60);
        held(rolling(), Gate.MEMBER_CRASHING, true);

        assertThat(holds())
                .containsExactly(
                        new RecordedHold("window", "because", false, Scene.NOW, Scene.NOW.plusSeconds(60)),
                        new RecordedHold("member-crashing", "because", true, Scene.NOW.plusSeconds(60), null));
    }

    @Test
    void gatesThatCloseInEveryRolloutAreNotRecorded() {
        taken(rolling(), restart(2, false));
        for (Gate gate : List.of(Gate.SETTLE, Gate.MEMBER_DOWN, Gate.REVISION, Gate.ONE_LEADER)) {
            held(rolling(), gate, false);
        }

        assertThat(holds()).isEmpty();
    }

    @Test
    void aCommitIsDoneOnceAndLaterStepsAreRecordedUnderIt() {
        taken(rolling(), restart(2, false));
        seconds(48);
        done(Scene.of(3).member(2).uid("other").scene());
        History done = history;
        seconds(3600);
        done(Scene.of(3).member(2).uid("other").scene());
        assertThat(history).isSameAs(done);

        taken(Scene.of(3), new Step.Apply(List.of(), 3));
        seconds(10);
        done(Scene.of(3).member(2).uid("other").scene());

        assertThat(history.commits()).singleElement().satisfies(recorded -> {
            assertThat(recorded.begun()).isEqualTo(Scene.NOW);
            assertThat(recorded.done()).isEqualTo(Scene.NOW.plusSeconds(48));
            assertThat(recorded.steps()).hasSize(2);
        });
    }

    @Test
    void theNextCommitEndsTheHoldOfThePreviousOne() {
        held(rolling(), Gate.APPROVAL, false);
        seconds(100);
        commit = "def";
        generation++;
        waits(rolling());

        assertThat(history.commits()).hasSize(2);
        assertThat(history.commits().get(0).done()).isNull();
        assertThat(history.commits().get(0).openHold()).isEmpty();
        assertThat(history.newest().orElseThrow())
                .isEqualTo(RecordedCommit.begun("def", 8, Scene.NOW.plusSeconds(100)));
    }

    @Test
    void aSpecWithoutCommitIsRecordedByItsGeneration() {
        commit = "";
        taken(rolling(), restart(2, false));
        generation++;
        taken(rolling(), restart(3, false));

        assertThat(history.commits()).extracting(RecordedCommit::generation).containsExactly(7L, 8L);
        assertThat(history.commits()).extracting(RecordedCommit::commit).containsOnly("");
    }

    @Test
    void nothingIsClaimedOfAnEnsembleThatWasDoneBefore() {
        done(Scene.of(3));
        waits(Scene.of(3));

        assertThat(history).isSameAs(History.EMPTY);
    }

    @Test
    void aStaleStepAddsNothing() {
        taken(rolling(), restart(2, false));
        History before = history;
        stale(rolling());

        assertThat(history).isSameAs(before);
    }

    @Test
    void textsAreShortAndSafeToShow() {
        record(
                rolling(),
                Optional.empty(),
                Optional.of(new Held(Gate.BUDGET, "a\u001b[31m" + "b".repeat(900), false)),
                false);

        assertThat(holds()).singleElement().satisfies(hold -> assertThat(hold.reason())
                .hasSize(300)
                .startsWith("a?[31mb")
                .endsWith("b..."));
    }

    @Test
    void theOldestCommitsAreDroppedWhole() {
        for (int push = 1; push <= 60; push++) {
            commit = "commit-" + push;
            generation++;
            taken(rolling(), restart(2, false));
            taken(rolling(), restart(3, false));
        }
        assertThat(history.commits()).hasSize(History.MAX_COMMITS);
        assertThat(history.commits().get(0).commit()).isEqualTo("commit-11");
        assertThat(history.commits())
                .allSatisfy(each -> assertThat(each.steps()).hasSize(2));

        commit = "flapping";
        generation++;
        for (int hold = 0; hold < 330; hold++) {
            held(rolling(), hold % 2 == 0 ? Gate.WINDOW : Gate.BUDGET, false);
        }
        assertThat(history.commits().stream().mapToInt(RecordedCommit::entries).sum())
                .isEqualTo(History.MAX_ENTRIES);
        assertThat(history.commits()).hasSize(36);
    }

    @Test
    void theTextStaysWithinItsLimit() {
        for (int push = 1; push <= 40; push++) {
            commit = "commit-" + push;
            generation++;
            for (int step = 0; step < 8; step++) {
                record(
                        rolling(),
                        Optional.of(new Taken(restart(2, false), "é".repeat(290), now, now)),
                        Optional.empty(),
                        false);
            }
        }

        assertThat(HistoryText.bytes(history)).isBetween(History.MAX_BYTES - 8000, History.MAX_BYTES);
        assertThat(history.commits()).hasSizeLessThan(12);
        assertThat(history.newest().orElseThrow().commit()).isEqualTo("commit-40");
        assertThat(history.commits())
                .allSatisfy(each -> assertThat(each.steps()).hasSize(8));
    }

    @Test
    void aSingleCommitIsBoundedToo() {
        for (int step = 0; step < 500; step++) {
            taken(Scene.of(3), new Step.Apply(List.of(), step));
            seconds(1);
        }

        assertThat(history.commits()).singleElement().satisfies(only -> {
            assertThat(only.entries()).isLessThanOrEqualTo(History.MAX_ENTRIES);
            assertThat(only.steps().get(only.steps().size() - 1).startedAt()).isEqualTo(now.minusSeconds(1));
        });
        assertThat(HistoryText.bytes(history)).isLessThanOrEqualTo(History.MAX_BYTES);
    }

    private static Scene rolling() {
        return Scene.of(3).wanting("new");
    }

    private static Step restart(int member, boolean leader) {
        return new Step.Restart(member, instance(member), leader, List.of(RestartReason.CONFIG_CHANGED));
    }

    private static Instance instance(int member) {
        return Scene.of(3, 1).observed().members().get(member - 1).instance().orElseThrow();
    }

    private void seconds(long passed) {
        now = now.plusSeconds(passed);
    }

    private void taken(Scene scene, Step step) {
        record(scene, Optional.of(new Taken(step, "because", now, now.plusMillis(20))), Optional.empty(), false);
    }

    private void held(Scene scene, Gate gate, boolean stalled) {
        record(scene, Optional.empty(), Optional.of(new Held(gate, "because", stalled)), false);
    }

    private void waits(Scene scene) {
        held(scene, Gate.SETTLE, false);
    }

    private void stale(Scene scene) {
        record(scene, Optional.empty(), Optional.empty(), false);
    }

    private void done(Scene scene) {
        record(scene, Optional.empty(), Optional.empty(), true);
    }

    private void record(Scene scene, Optional<Taken> taken, Optional<Held> held, boolean done) {
        history = history.after(new RecordedCycle(commit, generation, scene.observed(), taken, held, done, now));
    }

    private List<RecordedStep> steps() {
        return history.steps().toList();
    }

    private List<RecordedHold> holds() {
        return history.commits().stream().flatMap(each -> each.holds().stream()).toList();
    }
}
