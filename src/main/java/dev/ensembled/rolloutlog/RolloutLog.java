package dev.ensembled.rolloutlog;

import dev.ensembled.log.LogEntry;
import dev.ensembled.log.LogKey;
import dev.ensembled.progress.ClosedGate;
import dev.ensembled.progress.ProgressListener;
import dev.ensembled.progress.RolloutSummary;
import dev.ensembled.progress.Subject;
import dev.ensembled.reconciler.cycle.Outcome;
import dev.ensembled.reconciler.cycle.ReconcileCycle.Attempt;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Writes each change as one line; docs/log.md lists the lines. */
final class RolloutLog implements ProgressListener {
    private static final Logger LOG = Logger.getLogger("dev.ensembled.rollout");

    @Override
    public void rolloutBegan(Subject subject, boolean foundInProgress) {
        entry(foundInProgress ? "rollout found in progress" : "rollout began", subject)
                .info(LOG);
    }

    @Override
    public void rolloutRetargeted(Subject subject) {
        entry("rollout continues with another spec", subject).info(LOG);
    }

    @Override
    public void restartsPlanned(Subject subject, int restarts) {
        entry("restarts planned", subject).with(LogKey.RESTARTS, restarts).info(LOG);
    }

    @Override
    public void stepTried(Subject subject, Attempt attempt, Optional<String> role) {
        String reasons = attempt.step().reasons().stream().map(Enum::name).collect(Collectors.joining(","));
        LogEntry tried = entry(attempt.outcome().isApplied() ? "step taken" : "step not taken", subject)
                .with(LogKey.STEP, attempt.step().reason())
                .with(LogKey.WHAT, attempt.step().describe())
                .with(LogKey.MEMBER, attempt.step().affectedMember())
                .with(LogKey.ROLE, role)
                .with(LogKey.REASONS, reasons)
                .with(
                        LogKey.MS,
                        Duration.between(attempt.began(), attempt.ended()).toMillis());
        attempt.outcome().accept(new WithOutcome(tried, attempt.reason())).info(LOG);
    }

    @Override
    public void memberBack(Subject subject, int member, String role, Duration took) {
        entry("member back", subject)
                .with(LogKey.MEMBER, member)
                .with(LogKey.ROLE, role)
                .with(LogKey.MS, took.toMillis())
                .info(LOG);
    }

    @Override
    public void gateClosed(Subject subject, ClosedGate gate, Optional<ClosedGate> before) {
        entry(before.isEmpty() ? "gate closed" : "gate changed", subject)
                .with(LogKey.GATE, gate.gate())
                .with(LogKey.BEFORE, before.map(ClosedGate::gate).filter(one -> one != gate.gate()))
                .with(LogKey.CLASS, gate.stalled() ? "stalled" : "wait")
                .with(LogKey.OPENS, gate.gate().waitsFor().name().toLowerCase(Locale.ROOT))
                .with(LogKey.REASON, gate.reason())
                .with(LogKey.DOCS, gate.gate().docs())
                .log(LOG, gate.stalled() ? Logger.Level.WARN : Logger.Level.INFO, null);
    }

    @Override
    public void gateOpened(Subject subject, ClosedGate gate, Duration closedFor) {
        entry("gate opened", subject)
                .with(LogKey.GATE, gate.gate())
                .with(LogKey.MS, closedFor.toMillis())
                .info(LOG);
    }

    @Override
    public void rolloutDone(Subject subject, RolloutSummary summary) {
        entry("rollout done", subject)
                .with(LogKey.MS, summary.took().toMillis())
                .with(LogKey.RESTARTS, summary.restarts())
                .with(LogKey.LEADER_CHANGES, summary.leaderChanges())
                .info(LOG);
    }

    @Override
    public void degraded(Subject subject, String reason) {
        entry("ensemble degraded", subject).with(LogKey.REASON, reason).warn(LOG);
    }

    @Override
    public void healthyAgain(Subject subject, Duration degradedFor) {
        entry("ensemble healthy again", subject)
                .with(LogKey.MS, degradedFor.toMillis())
                .info(LOG);
    }

    @Override
    public void removalWaits(Subject subject, String message) {
        entry("removal waits for a confirmation", subject)
                .with(LogKey.REASON, message)
                .warn(LOG);
    }

    @Override
    public void removed(EnsembleId ensemble) {
        LogEntry.of("ensemble removed").with(LogKey.ENSEMBLE, ensemble).info(LOG);
    }

    private static LogEntry entry(String message, Subject subject) {
        return LogEntry.of(message).with(LogKey.ENSEMBLE, subject.ensemble()).with(LogKey.COMMIT, subject.commit());
    }

    /** A line about a step, with how the step ended, and why: of the outcome where it says so, else of the decision. */
    private record WithOutcome(LogEntry entry, String decided) implements Outcome.Visitor<LogEntry> {
        @Override
        public LogEntry visit(Outcome.Applied outcome) {
            return with(outcome, decided);
        }

        @Override
        public LogEntry visit(Outcome.Blocked outcome) {
            return with(outcome, outcome.reason()).with(LogKey.GATE, outcome.gate());
        }

        @Override
        public LogEntry visit(Outcome.SanityTestFailed outcome) {
            return with(outcome, outcome.reason());
        }

        @Override
        public LogEntry visit(Outcome.Stale outcome) {
            return with(outcome, outcome.reason());
        }

        private LogEntry with(Outcome outcome, String reason) {
            return entry.with(LogKey.OUTCOME, outcome.word()).with(LogKey.REASON, reason);
        }
    }
}
