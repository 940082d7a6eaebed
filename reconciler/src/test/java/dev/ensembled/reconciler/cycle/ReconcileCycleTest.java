package dev.ensembled.reconciler.cycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.SetClock;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Result;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.report.EnsembleEvent;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ReconcileCycleTest {
    private final FakePlatform world = new FakePlatform();
    private final AtomicReference<Instant> now = new AtomicReference<>(Scene.NOW);
    private final ReconcileCycle cycle = anotherDaemon();

    private ReconcileCycle anotherDaemon() {
        return new ReconcileCycle(world, world, world, new SetClock(now::get));
    }

    private Result run() {
        return cycle.run(Scene.ID).orElseThrow();
    }

    private void later(Duration passed) {
        now.updateAndGet(before -> before.plus(passed));
    }

    /** All members healthy, sanity test passed, and status up to date. */
    private void givenASettledEnsemble() {
        world.showing(Scene.of(3));
        run();
        world.log.clear();
        world.events.clear();
    }

    @Test
    void removedEnsembleNeedsNoAction() {
        world.exists = false;

        assertThat(cycle.run(Scene.ID)).isEmpty();
        assertThat(world.log).isEmpty();
    }

    @Test
    void replicaThatFollowsDecidesTheSameAndChangesNothing() {
        givenASettledEnsemble();
        EnsembleStatus reported = world.status;
        world.cached = Scene.of(3).wanting("new").member(2).zxid(0x1000).scene();

        Result result = anotherDaemon().follow(Scene.ID).orElseThrow();

        assertThat(result.decision().act()).isPresent();
        assertThat(result.attempt()).isEmpty();
        assertThat(result.status()).isEqualTo(reported);
        assertThat(world.log).containsExactly("look CACHED");
        assertThat(world.events).isEmpty();
    }

    @Test
    void replicaThatFollowsShowsAnEnsembleWithoutAStatus() {
        world.showing(Scene.of(3));

        Result result = cycle.follow(Scene.ID).orElseThrow();

        assertThat(result.status().conditions()).isNotEmpty();
        assertThat(world.log).containsExactly("look CACHED");
    }

    @Test
    void aSettledEnsembleCausesNoWrites() {
        givenASettledEnsemble();

        assertThat(run().decision()).isEqualTo(new Decision.Done());
        assertThat(world.log).containsExactly("look CACHED");
        assertThat(world.events).isEmpty();
    }

    @Test
    void aSettledEnsembleCausesNoWritesInAnotherDaemonEither() {
        givenASettledEnsemble();

        later(Duration.ofMinutes(5));
        anotherDaemon().run(Scene.ID);

        assertThat(world.log).containsExactly("look CACHED");
    }

    @Test
    void aClientThatWritesCausesNoWritesOfTheStatus() {
        givenASettledEnsemble();
        world.cached = Scene.of(3).member(1).zxid(0x1000).scene();

        run();

        assertThat(world.log).containsExactly("look CACHED");
    }

    @Test
    void restartIsDecidedOnAFreshReadAfterTheStatusIsWritten() {
        givenASettledEnsemble();
        world.cached = Scene.of(3).wanting("new").member(2).zxid(0x1000).scene();

        run();

        assertThat(world.log).containsExactly("look CACHED", "look FRESH", "write status", "restart member 2");
        assertThat(world.status.members().get(1).zxid()).isEqualTo("0x1000");
        assertThat(world.status.rollout().step()).isEqualTo("restart member 2");
        assertThat(world.events).extracting(EnsembleEvent::reason).containsExactly("RestartingMember");
    }

    @Test
    void higherAcknowledgedZxidIsWrittenEvenIfNothingElseChanged() {
        // Given a restart that was announced, and then failed with a conflict
        world.showing(Scene.of(3).wanting("new"));
        world.outcome = new Outcome.Stale("conflict");
        run();
        world.log.clear();

        world.cached = Scene.of(3).wanting("new").member(3).zxid(0x2000).scene();
        run();

        assertThat(world.log).containsExactly("look CACHED", "look FRESH", "write status", "restart member 2");
        assertThat(world.status.members().get(2).zxid()).isEqualTo("0x2000");
    }

    @Test
    void cycleDoesNotActWhenTheFreshReadDiffers() {
        world.showing(Scene.of(3).wanting("new"));
        world.fresh =
                Optional.of(Scene.of(3).wanting("new").member(3).terminating().scene());

        Result result = run();

        assertThat(result.decision()).isInstanceOf(Decision.Wait.class);
        assertThat(result.outcome()).isEmpty();
        assertThat(world.log).containsExactly("look CACHED", "look FRESH", "write status");
    }

    @Test
    void cycleDoesNotActWhenTheAcknowledgedZxidCannotBeWritten() {
        world.showing(Scene.of(3).wanting("new"));
        world.statusCannotBeWritten = true;

        assertThatExceptionOfType(RetryLaterException.class).isThrownBy(this::run);

        assertThat(world.log).containsExactly("look CACHED", "look FRESH");
    }

    @Test
    void aStatusThatAnotherDaemonWroteStopsTheStepAndIsTheMemoryOfTheNextCycle() {
        givenASettledEnsemble();
        EnsembleStatus ours = world.status;
        world.cached = Scene.of(3).wanting("new").member(2).zxid(0x1000).scene();
        run();
        assertThat(world.before).as("what the new status is based on").isEqualTo(ours);
        world.log.clear();

        // When another daemon has written the status, of which only the store knows
        world.cached = Scene.of(3).wanting("new").member(2).zxid(0x2000).scene();
        world.status = ours;
        world.statusIsOfAnotherDaemon = true;
        assertThatExceptionOfType(ChangedMeanwhileException.class).isThrownBy(this::run);
        assertThat(world.log).as("no restart").containsExactly("look CACHED", "look FRESH");
        world.statusIsOfAnotherDaemon = false;
        run();

        assertThat(world.before).isEqualTo(ours);
    }

    @Test
    void replacementIsDecidedOnAFreshReadToo() {
        world.showing(Scene.of(3)
                .wanting("new")
                .member(2)
                .pending(Problem.IMAGE, "ErrImagePull")
                .scene());

        run();

        assertThat(world.log)
                .startsWith("look CACHED", "look FRESH")
                .endsWith("replace member 2, which is not serving");
    }

    @Test
    void objectsAreAppliedWithoutAFreshReadAndRepairsAreCounted() {
        world.showing(Scene.of(3).object("Service", State.DRIFTED, "spec.ports"));

        run();
        run();

        assertThat(world.log)
                .startsWith("look CACHED", "apply Service/kafka", "write status", "look CACHED", "apply Service/kafka");
        assertThat(world.status.driftRepairs()).isEqualTo(2);
        assertThat(world.events).extracting(EnsembleEvent::reason).containsOnly("DriftRepaired");
    }

    @Test
    void passedSanityTestCompletesTheBootstrap() {
        world.showing(Scene.of(3).neverTested());

        run();

        assertThat(world.log).contains("write through kafka-2:2181, read through kafka-1:2181");
        assertThat(world.status.wasBootstrapped()).isTrue();
        assertThat(run().decision()).isEqualTo(new Decision.Done());
    }

    @Test
    void failedSanityTestClosesAGate() {
        world.showing(Scene.of(3).neverTested());
        world.outcome = new Outcome.SanityTestFailed(Outcome.Half.WRITER, true, "read another value");

        run();

        assertThat(world.status.rollout().gate()).isEqualTo("sanity-test");
        assertThat(world.status.rollout().reason())
                .isEqualTo("the sanity test fails through member 3: read another value");
        assertThat(world.status.sanityTested()).isNull();
        assertThat(world.events)
                .extracting(EnsembleEvent::message)
                .containsExactly("sanity-test: the sanity test fails through member 3: read another value");
    }

    @Test
    void platformRefusalIsAGateThatKeepsItsTimeAndIsReportedOnce() {
        world.showing(Scene.of(3).wanting("new"));
        world.outcome = new Outcome.Blocked(Gate.BUDGET, "blocked by budget team");
        run();
        world.log.clear();

        later(Duration.ofMinutes(1));
        run();
        later(Duration.ofMinutes(1));
        run();

        assertThat(world.status.rollout().gate()).isEqualTo("budget");
        assertThat(world.status.rollout().step()).isNull();
        assertThat(world.status.rollout().since()).isEqualTo(Scene.NOW.toString());
        assertThat(world.events).hasSize(1);
        assertThat(world.log).doesNotContain("write status");
    }

    @Test
    void rolloutContinuesWhenThePlatformNoLongerRefuses() {
        world.showing(Scene.of(3).wanting("new"));
        world.outcome = new Outcome.Blocked(Gate.BUDGET, "blocked by budget team");
        run();
        world.outcome = new Outcome.Applied();

        run();

        assertThat(world.status.rollout().gate()).isNull();
        assertThat(world.status.rollout().step()).isEqualTo("restart member 2");
    }

    @Test
    void specThatWasEditedInTheStoreIsNotActedOn() {
        world.showing(Scene.of(3).wanting("new").object("Service", State.DRIFTED));
        world.edited = true;

        run();

        assertThat(world.log).containsExactly("look CACHED", "write status");
        assertThat(world.status.rollout().gate()).isEqualTo("edited-spec");
    }

    @Test
    void specThatThePlatformRefusesIsNotActedOn() {
        world.showing(Scene.of(3).wanting("new").object("Service", State.DRIFTED));
        world.refusedByPlatform = Optional.of("no volumes here");

        assertThat(run().decision()).isEqualTo(new Decision.Refused("no volumes here"));

        assertThat(world.log).containsOnly("look CACHED", "write status");
    }

    @Test
    void statusThatTheStoreDoesNotShowYetIsKept() {
        // Given a store whose cache lags behind its own writes
        world.showing(Scene.of(3).neverTested());
        EnsembleStatus old = world.status;
        run();
        world.status = old;

        assertThat(run().decision()).isEqualTo(new Decision.Done());
    }

    @Test
    void aRestartIsRecordedAndEndedByAnotherDaemon() {
        givenASettledEnsemble();
        world.showing(Scene.of(3).wanting("new"));
        run();
        assertThat(recorded()).containsExactly("restart member 2 Running");

        later(Duration.ofSeconds(6));
        world.showing(Scene.of(3).wanting("new").member(2).uid("other").scene());
        world.outcome = new Outcome.Stale("conflict");
        anotherDaemon().run(Scene.ID);
        anotherDaemon().run(Scene.ID);

        assertThat(recorded()).containsExactly("restart member 2 Completed");
        assertThat(world.history.steps().findFirst().orElseThrow().took()).contains(Duration.ofSeconds(6));
    }

    @Test
    void cyclesThatAddNothingToTheHistoryDoNotWriteIt() {
        givenASettledEnsemble();
        run();
        anotherDaemon().run(Scene.ID);
        assertThat(world.historyWrites).isZero();

        world.showing(Scene.of(3).wanting("new"));
        world.outcome = new Outcome.Blocked(Gate.BUDGET, "blocked by budget team");
        for (int attempt = 0; attempt < 10; attempt++) {
            run();
            later(Duration.ofSeconds(2));
        }

        assertThat(world.historyWrites).isEqualTo(1);
        assertThat(world.history.newest().orElseThrow().openHold()).hasValueSatisfying(hold -> {
            assertThat(hold.gate()).isEqualTo("budget");
            assertThat(hold.reason()).isEqualTo("blocked by budget team");
            assertThat(hold.stalled()).isFalse();
        });
    }

    @Test
    void aStalledAndARefusedSpecAreRecorded() {
        world.showing(Scene.of(3).wanting("new"));
        world.refusedByPlatform = Optional.of("no volumes here");
        run();
        world.refusedByPlatform = Optional.empty();
        run();

        assertThat(world.history.commits()).singleElement().satisfies(commit -> {
            assertThat(commit.holds())
                    .extracting(hold -> hold.gate() + " " + hold.reason() + " " + hold.stalled())
                    .containsExactly("refused no volumes here true");
            assertThat(commit.openHold()).isEmpty();
            assertThat(commit.generation()).isEqualTo(7);
        });
    }

    @Test
    void theHistoryThatAnotherDaemonWroteIsContinued() {
        world.showing(Scene.of(3).wanting("new"));
        world.historyIsOfAnotherDaemon = true;
        assertThat(run().outcome()).contains(new Outcome.Applied());
        world.historyIsOfAnotherDaemon = false;
        world.history = new History(List.of());
        world.outcome = new Outcome.Stale("conflict");

        run();

        assertThat(recorded()).as("the steps of the other daemon alone").isEmpty();
    }

    @Test
    void aHistoryThatCannotBeWrittenFailsNoCycleAndIsWrittenLater() {
        world.showing(Scene.of(3).wanting("new"));
        world.historyCannotBeWritten = true;
        assertThat(run().outcome()).contains(new Outcome.Applied());
        world.historyCannotBeWritten = false;
        world.outcome = new Outcome.Stale("conflict");

        later(Duration.ofSeconds(59));
        run();
        assertThat(world.historyWrites).isZero();
        later(Duration.ofSeconds(1));
        run();

        assertThat(recorded()).containsExactly("restart member 2 Running");
        assertThat(world.historyWrites).isEqualTo(1);
    }

    @Test
    void aHistoryThatCannotBeReadFailsNoCycleAndIsNotReplaced() {
        world.showing(Scene.of(3).wanting("new"));
        world.historyCannotBeRead = true;
        assertThat(run().outcome()).contains(new Outcome.Applied());
        assertThat(world.historyWrites).isZero();

        world.historyCannotBeRead = false;
        later(Duration.ofMinutes(1));
        run();

        assertThat(recorded()).containsExactly("restart member 2 Running");
    }

    private List<String> recorded() {
        return world.history
                .steps()
                .map(step -> step.step() + " " + step.state())
                .toList();
    }
}
