package dev.ensembled.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Attempt;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.Observed;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.rollout.Decision;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.rollout.Step;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.stub.StatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressTrackerTest {
    private static final EnsembleId ID = new EnsembleId("test", "zk");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Decision SETTLE = new Decision.Wait(Gate.SETTLE, "settling", Optional.empty());
    private static final Step RESTART = new Step.Restart(
            2, Instance.builder("zk-1", "uid", START).build(), false, List.of(RestartReason.CONFIG_CHANGED));

    private final List<String> changes = new ArrayList<>();
    private final ProgressTracker tracker = new ProgressTracker(new Recorder(), Duration.ofSeconds(30));
    private Instant now = START;

    @Test
    void settledEnsembleCausesNoChange() {
        see(new Decision.Done(), 0, null);
        see(new Decision.Done(), 0, null);

        assertThat(changes).isEmpty();
    }

    @Test
    void rolloutIsReportedFromItsBeginningToItsEnd() {
        see(new Decision.Done(), 0, null);

        see(new Decision.Act(RESTART, "why"), 1, new Outcome.Applied());
        see(SETTLE, 0, null);
        see(SETTLE, 0, null);
        see(new Decision.Done(), 0, null);

        assertThat(changes)
                .containsExactly(
                        "began", "planned 1", "tried restart member 2", "closed settle", "opened settle", "done 1");
    }

    @Test
    void stepThatIsBlockedAgainIsReportedOnce() {
        see(new Decision.Act(RESTART, "why"), 1, new Outcome.Blocked(Gate.BUDGET, "1 of 1 disrupted"));
        see(new Decision.Act(RESTART, "why"), 1, new Outcome.Blocked(Gate.BUDGET, "again"));
        see(new Decision.Act(RESTART, "why"), 1, new Outcome.Applied());

        assertThat(changes)
                .containsExactly(
                        "found",
                        "planned 1",
                        "closed budget",
                        "tried restart member 2",
                        "opened budget",
                        "tried restart member 2");
    }

    @Test
    void waitThatBecomesAStallIsAChange() {
        see(new Decision.Done(), 0, null);
        see(new Decision.Wait(Gate.MEMBER_CRASHING, "restarts", Optional.empty()), 0, null);
        see(new Decision.Stalled(Gate.MEMBER_CRASHING, "needs a person"), 0, null);
        see(new Decision.Stalled(Gate.MEMBER_CRASHING, "still"), 0, null);

        assertThat(changes).containsExactly("closed member-crashing", "closed member-crashing stalled");
    }

    @Test
    void troubleOfASettledEnsembleIsReportedWhenItLastsAndWhenItEnds() {
        see(new Decision.Done(), 0, null);
        Decision down = new Decision.Wait(Gate.MEMBER_DOWN, "member 1 is down", Optional.empty());
        see(down, 0, null);
        see(new Decision.Done(), 0, null);
        see(down, 0, null);
        now = now.plusSeconds(60);
        see(down, 0, null);
        see(down, 0, null);
        see(new Decision.Done(), 0, null);

        assertThat(changes)
                .containsExactly(
                        "closed member-down",
                        "opened member-down",
                        "closed member-down",
                        "degraded member-down: member 1 is down",
                        "opened member-down",
                        "healthy");
    }

    @Test
    void removedEnsembleIsReportedOnceAndOnlyIfItWasKnown() {
        tracker.gone(ID);
        see(new Decision.Done(), 0, null);
        tracker.gone(ID);
        tracker.gone(ID);

        assertThat(changes).containsExactly("removed");
    }

    private void see(Decision decision, int outdated, Outcome outcome) {
        now = now.plusSeconds(1);
        EnsembleStatus status = StatusBuilder.bootstrapped()
                .conditions(new Condition("Stalled", stalled(decision) ? "True" : "False", "", "", null, null))
                .rollout(new RolloutStatus(null, null, null, null, outdated))
                .members()
                .build();
        Observed observed = new Observed(
                List.of(), Optional.empty(), List.of(), List.of(), Observed.Replicas.NONE, true, List.of(), status);
        Optional<Attempt> attempt = decision.act().map(act -> new Attempt(act.step(), act.reason(), outcome, now, now));
        tracker.seen(
                ID,
                ReconcileResult.of(
                        new ReconcileCycle.Result(null, decision, attempt, observed, status, History.EMPTY),
                        now,
                        Duration.ZERO));
    }

    private static boolean stalled(Decision decision) {
        return decision.getClass() == Decision.Stalled.class;
    }

    /** Writes each change down. */
    private final class Recorder implements ProgressListener {
        @Override
        public void rolloutBegan(Subject subject, boolean foundInProgress) {
            changes.add(foundInProgress ? "found" : "began");
        }

        @Override
        public void restartsPlanned(Subject subject, int restarts) {
            changes.add("planned " + restarts);
        }

        @Override
        public void stepTried(Subject subject, Attempt attempt, Optional<String> role) {
            changes.add("tried " + attempt.step().describe());
        }

        @Override
        public void gateClosed(Subject subject, ClosedGate gate, Optional<ClosedGate> before) {
            changes.add("closed " + gate.gate() + (gate.stalled() ? " stalled" : ""));
        }

        @Override
        public void gateOpened(Subject subject, ClosedGate gate, Duration closedFor) {
            changes.add("opened " + gate.gate());
        }

        @Override
        public void rolloutDone(Subject subject, RolloutSummary summary) {
            changes.add("done " + summary.restarts());
        }

        @Override
        public void degraded(Subject subject, String reason) {
            changes.add("degraded " + reason);
        }

        @Override
        public void healthyAgain(Subject subject, Duration degradedFor) {
            changes.add("healthy");
        }

        @Override
        public void removed(EnsembleId ensemble) {
            changes.add("removed");
        }
    }
}
