package dev.ensembled.reconciler.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.desired.Desired;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Revision;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForecastTest {

    private static Forecast of(Scene scene) {
        Desired desired = scene.desired();
        Accepted accepted = new Accepted(
                desired.id(),
                desired.spec(),
                desired.generation(),
                Optional.empty(),
                false,
                Requests.NONE,
                scene.observed().status());
        return Forecast.of(accepted, scene.observed(), Scene.revision("new"), Scene.NOW);
    }

    /** The steps without sanity tests. */
    private static List<ForecastStep> steps(Forecast forecast) {
        return forecast.steps().stream()
                .filter(step -> step.step().sanityTest().isEmpty())
                .toList();
    }

    private static List<String> described(Forecast forecast) {
        return steps(forecast).stream().map(step -> step.step().describe()).toList();
    }

    @Test
    void rollRestartsObserversThenFollowersThenTheLeader() {
        Forecast forecast =
                of(Scene.of(3, 1).object("StatefulSet", State.OUTDATED).ledBy(2));

        assertThat(described(forecast))
                .containsExactly(
                        "apply StatefulSet/kafka",
                        "restart member 4",
                        "restart member 1",
                        "restart member 3",
                        "restart member 2 (leader)");
        assertThat(forecast.ending()).isInstanceOf(Ending.Done.class);
        assertThat(steps(forecast))
                .extracting(ForecastStep::role)
                .extracting(role -> role.orElse(null))
                .containsExactly(null, Role.OBSERVER, Role.FOLLOWER, Role.FOLLOWER, Role.LEADER);
        assertThat(((Step.Restart) steps(forecast).get(1).step()).reasons())
                .containsExactly(RestartReason.CONFIG_CHANGED);
    }

    @Test
    void memberThatIsAwayEndsAForecastUnlessItsReturnIsAssumed() {
        Scene scene = Scene.of(3).wanting("new").ledBy(2);
        scene.member(1).revision("new").withoutInstance();
        Desired desired = scene.desired();
        Accepted accepted = new Accepted(
                desired.id(),
                desired.spec(),
                desired.generation(),
                Optional.empty(),
                false,
                Requests.NONE,
                scene.observed().status());

        assertThat(described(of(scene))).isEmpty();

        Revision wanted = Scene.revision("new");
        Forecast after = Forecast.of(
                accepted,
                Forecast.assumingReturn(accepted, scene.observed(), wanted, Set.of(1), Scene.NOW),
                wanted,
                Scene.NOW);
        assertThat(described(after)).containsExactly("restart member 3", "restart member 2 (leader)");
        assertThat(after.ending()).isInstanceOf(Ending.Done.class);
    }

    @Test
    void marginIsThatWithoutTheMemberThatRestarts() {
        Forecast three = of(Scene.of(3, 1).object("StatefulSet", State.OUTDATED));
        Forecast five = of(Scene.of(5).object("StatefulSet", State.OUTDATED));

        assertThat(steps(three))
                .extracting(ForecastStep::margin)
                .containsExactly(
                        OptionalInt.of(1), OptionalInt.of(1), OptionalInt.of(0), OptionalInt.of(0), OptionalInt.of(0));
        assertThat(steps(five).get(1).margin()).hasValue(1);
    }

    @Test
    void restartsWaitForTheSettlePeriod() {
        Forecast forecast = of(Scene.of(3).object("StatefulSet", State.OUTDATED));

        assertThat(steps(forecast).get(1).waits()).isEmpty();
        assertThat(steps(forecast).get(2).waits())
                .containsExactly(new ForecastStep.TimedWait(Gate.SETTLE, Scene.NOW.plus(Scene.SETTLE), Scene.SETTLE));
    }

    @Test
    void ensembleGrowsByOneMemberAfterTheOther() {
        Forecast forecast = of(Scene.of(3).specAsksFor(5, 0).object("StatefulSet", State.OUTDATED));

        assertThat(described(forecast))
                .startsWith(
                        "apply StatefulSet/kafka",
                        "permit member 4 to start as a learner",
                        "join member 4 as a voter",
                        "apply StatefulSet/kafka",
                        "permit member 5 to start as a learner",
                        "join member 5 as a voter");
        assertThat(forecast.ending()).isInstanceOf(Ending.Done.class);
    }

    @Test
    void membersThatLeaveAreRemovedBeforeTheirReplicas() {
        Forecast forecast = of(Scene.of(5).specAsksFor(3, 0).ledBy(5).places(5));

        assertThat(described(forecast))
                .containsExactly(
                        "remove member 4 from the membership",
                        "demote member 5 to observer",
                        "remove member 5 from the membership",
                        "scale down members 4, 5");
    }

    @Test
    void approvalEndsTheForecastAndNamesTheGate() {
        Forecast forecast =
                of(Scene.of(3).object("StatefulSet", State.OUTDATED).spec(spec -> spec.approval(Approval.Leader)));

        assertThat(described(forecast))
                .containsExactly("apply StatefulSet/kafka", "restart member 2", "restart member 3");
        assertThat(forecast.ending()).isInstanceOfSatisfying(Ending.Held.class, held -> {
            assertThat(held.gate()).isEqualTo(Gate.APPROVAL);
            assertThat(held.stalled()).isFalse();
            assertThat(held.reason()).contains("kubectl");
        });
    }

    @Test
    void windowIsAWaitAndNotTheEnd() {
        Window night = new Window("0 2 * * *", Duration.ofHours(1), "UTC");
        Forecast forecast =
                of(Scene.of(3).object("StatefulSet", State.OUTDATED).spec(spec -> spec.windows(List.of(night))));

        assertThat(steps(forecast).get(1).waits())
                .contains(new ForecastStep.TimedWait(
                        Gate.WINDOW, Instant.parse("2026-03-02T02:00:00Z"), Duration.ofHours(14)));
        assertThat(forecast.ending()).isInstanceOf(Ending.Done.class);
    }

    @Test
    void budgetThatAllowsNothingEndsTheForecast() {
        Forecast forecast = of(Scene.of(3).object("StatefulSet", State.OUTDATED).budget("team", 0, 1, 2, 3));

        assertThat(forecast.ending()).isInstanceOfSatisfying(Ending.Held.class, held -> {
            assertThat(held.gate()).isEqualTo(Gate.BUDGET);
            assertThat(held.reason()).contains("team");
        });
    }

    private static Optional<Continuation> continued(Scene scene, Requests requests) {
        Desired desired = scene.desired();
        Accepted accepted = new Accepted(
                desired.id(),
                desired.spec(),
                desired.generation(),
                Optional.empty(),
                false,
                requests,
                scene.observed().status());
        Revision wanted = Scene.revision("new");
        Forecast forecast = Forecast.of(accepted, scene.observed(), wanted, Scene.NOW);
        return Continuation.of(forecast, accepted, scene.observed(), wanted, Scene.NOW);
    }

    private static List<String> restarts(Continuation continuation) {
        return continuation.steps().stream()
                .filter(step -> step.step().restartsMember())
                .map(step -> step.step().describe())
                .toList();
    }

    @Test
    void stepsAfterABudgetAreThoseOfAnOpenGate() {
        Scene scene = Scene.of(3).object("StatefulSet", State.OUTDATED).budget("team", 0, 1, 2, 3);

        Continuation after = continued(scene, Requests.NONE).orElseThrow();

        assertThat(after.opened()).containsExactly(Gate.BUDGET);
        assertThat(restarts(after))
                .containsExactly("restart member 2", "restart member 3", "restart member 1 (leader)");
        assertThat(after.ending()).isInstanceOf(Ending.Done.class);
    }

    @Test
    void gatesThatFollowEachOtherAreAllNamed() {
        Scene scene = Scene.of(3)
                .object("StatefulSet", State.OUTDATED)
                .budget("team", 0, 1, 2, 3)
                .spec(spec -> spec.approval(Approval.Leader));
        Requests paused = Requests.named(name -> Optional.of("audit").filter(text -> name.equals(Requests.PAUSED)));

        Continuation after = continued(scene, paused).orElseThrow();

        assertThat(after.opened()).containsExactly(Gate.PAUSED, Gate.BUDGET, Gate.APPROVAL);
        assertThat(restarts(after)).hasSize(3);
    }

    @Test
    void onlyGatesThatAreOpenedFromOutsideAreAssumedToBeOpen() {
        Scene open = Scene.of(3).object("StatefulSet", State.OUTDATED);
        Scene twoVoters = Scene.of(2).object("StatefulSet", State.OUTDATED);

        assertThat(continued(open, Requests.NONE)).isEmpty();
        assertThat(continued(twoVoters, Requests.NONE)).isEmpty();
    }

    @Test
    void twoVotersCannotBeRestarted() {
        Forecast forecast = of(Scene.of(2).object("StatefulSet", State.OUTDATED));

        assertThat(described(forecast)).containsExactly("apply StatefulSet/kafka");
        assertThat(forecast.ending()).isInstanceOfSatisfying(Ending.Held.class, held -> assertThat(held.gate())
                .isEqualTo(Gate.QUORUM));
    }

    @Test
    void downgradeIsRefusedWithoutAStep() {
        Forecast forecast = of(Scene.of(3).spec(spec -> spec.version("3.8.6")));

        assertThat(forecast.steps()).isEmpty();
        assertThat(forecast.ending())
                .isInstanceOfSatisfying(Ending.Refused.class, refused -> assertThat(refused.reason())
                        .contains("3.8.6"));
    }

    @Test
    void unhealthyMemberHoldsTheForecastNow() {
        Forecast forecast = of(Scene.of(3)
                .object("StatefulSet", State.OUTDATED)
                .member(2)
                .looking()
                .notReady()
                .readySince(Scene.NOW.minusSeconds(2))
                .scene());

        assertThat(forecast.ending()).isInstanceOfSatisfying(Ending.Held.class, held -> assertThat(held.gate())
                .isEqualTo(Gate.MEMBER_DOWN));
    }

    @Test
    void settledEnsembleHasNothingToDo() {
        Forecast forecast = of(Scene.of(3).places(3).object("StatefulSet", State.CURRENT));

        assertThat(forecast).isEqualTo(new Forecast(List.of(), new Ending.Done()));
    }
}
