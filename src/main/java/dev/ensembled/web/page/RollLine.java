package dev.ensembled.web.page;

import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.forecast.Ending;
import dev.ensembled.reconciler.forecast.ForecastStep;
import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.history.RecordedStep;
import dev.ensembled.reconciler.rollout.WaitsFor;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.summary.Age;
import dev.ensembled.summary.Summary;
import dev.ensembled.web.page.RollStep.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A rollout as a line: the steps that were taken, by the history; what is done or waited for now; and the steps that follow,
 * by the forecast, as far as one can be made of what was observed. Nothing is asked for it.
 *
 * @param commit that is rolled out, or was rolled out last; empty if it is not known
 * @param active whether it is not done
 * @param end how it ended; empty while it is active
 * @param earlier the number of the first steps that are left out
 */
public record RollLine(String commit, boolean active, String end, int earlier, List<RollStep> steps) {
    static final RollLine NONE = new RollLine("", false, "", 0, List.of());

    /** More steps than these make no line any more; the history has them all. */
    private static final int MOST_DONE = 24;

    static RollLine of(ReconcileCycle.Result result, Summary summary, Instant now) {
        Optional<RecordedCommit> newest = result.history().newest();
        if (newest.isEmpty()) {
            return NONE;
        }
        RecordedCommit commit = newest.get();
        boolean active = commit.done() == null && !result.decision().isDone();
        List<RecordedStep> taken = commit.steps().stream()
                .filter(step -> commit.done() == null || !step.startedAt().isAfter(commit.done()))
                .filter(step -> step.state() != RecordedStep.State.Running)
                .toList();
        int earlier = Math.max(0, taken.size() - MOST_DONE);
        List<RollStep> steps = new ArrayList<>();
        taken.subList(earlier, taken.size()).forEach(step -> steps.add(done(step)));
        if (active) {
            steps.addAll(now(commit, result, summary));
            steps.addAll(next(commit, result, now));
        }
        return new RollLine(
                EnsembleRow.shortened(SafeText.of(commit.commit())), active, end(commit), earlier, List.copyOf(steps));
    }

    /** Whether there is a step to show. */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    private static String end(RecordedCommit commit) {
        return commit.done() == null ? "" : "done in " + Age.of(Duration.between(commit.begun(), commit.done()));
    }

    private static RollStep done(RecordedStep step) {
        String took = step.instance() == null ? "" : step.took().map(Age::of).orElse("");
        String role = Objects.requireNonNullElse(step.role(), "");
        return new RollStep(Progress.DONE, SafeText.of(step.step()), joined(role, took));
    }

    private static String joined(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + ", " + second;
    }

    /** The step that runs, or else what is waited for, or else what the cycle did last. */
    private static List<RollStep> now(RecordedCommit commit, ReconcileCycle.Result result, Summary summary) {
        String waits = summary.gate().map(Object::toString).orElse("");
        boolean held = summary.gate()
                        .filter(gate -> gate.waitsFor() != WaitsFor.SERVERS)
                        .isPresent()
                || result.stalled();
        Progress progress = held ? Progress.HELD : Progress.NOW;
        List<RollStep> running = commit.steps().stream()
                .filter(step -> step.state() == RecordedStep.State.Running)
                .map(step -> new RollStep(
                        progress, SafeText.of(step.step()), joined(Objects.requireNonNullElse(step.role(), ""), waits)))
                .toList();
        if (!running.isEmpty()) {
            return running;
        }
        if (!waits.isEmpty()) {
            return List.of(new RollStep(progress, "wait: " + waits, ""));
        }
        return Optional.ofNullable(result.status().rollout())
                .map(RolloutStatus::step)
                .map(step -> List.of(new RollStep(Progress.NOW, SafeText.of(step), "")))
                .orElse(List.of());
    }

    private static List<RollStep> next(RecordedCommit commit, ReconcileCycle.Result result, Instant now) {
        return Outlook.of(commit, result, now)
                .map(outlook -> next(outlook, result))
                .orElse(List.of());
    }

    private static List<RollStep> next(Outlook outlook, ReconcileCycle.Result result) {
        List<RollStep> next = new ArrayList<>();
        outlook.steps().stream()
                .filter(step -> step.step().sanityTest().isEmpty())
                .filter(step -> !isTakenNow(step, result))
                .forEach(step -> next.add(new RollStep(
                        Progress.NEXT,
                        SafeText.of(step.step().describe()),
                        step.role()
                                .map(role -> role.name().toLowerCase(Locale.ROOT))
                                .orElse(""))));
        outlook.ending().accept(new EndOfLine(next.isEmpty())).ifPresent(next::add);
        return next;
    }

    /** An observation is older than the step that was decided by it. */
    private static boolean isTakenNow(ForecastStep step, ReconcileCycle.Result result) {
        return result.attempt()
                .filter(attempt -> attempt.outcome().isApplied())
                .filter(attempt -> attempt.step().describe().equals(step.step().describe()))
                .isPresent();
    }

    /** The last element of the line; none if the gate that is closed now ends it, which is already there. */
    private record EndOfLine(boolean nothingBefore) implements Ending.Visitor<Optional<RollStep>> {
        @Override
        public Optional<RollStep> visit(Ending.Done ending) {
            return Optional.of(new RollStep(Progress.END, "settled", ""));
        }

        @Override
        public Optional<RollStep> visit(Ending.Refused ending) {
            return Optional.empty();
        }

        @Override
        public Optional<RollStep> visit(Ending.Held ending) {
            return nothingBefore
                    ? Optional.empty()
                    : Optional.of(new RollStep(
                            Progress.END,
                            "wait: " + ending.gate(),
                            "for " + ending.gate().waitsFor()));
        }
    }
}
