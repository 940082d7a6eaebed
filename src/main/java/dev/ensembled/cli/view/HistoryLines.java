package dev.ensembled.cli.view;

import dev.ensembled.cli.text.Paint;
import dev.ensembled.cli.text.Table;
import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.history.RecordedHold;
import dev.ensembled.reconciler.history.RecordedStep;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.summary.Age;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The rollouts of one ensemble as text for people: the newest commit last, as its steps are. */
public final class HistoryLines {
    private static final int SHORT_COMMIT = 10;
    private static final String INDENT = "  ";

    private final Paint paint;
    private final Instant now;

    private HistoryLines(Paint paint, Instant now) {
        this.paint = paint;
        this.now = now;
    }

    /** Returns the lines about these commits. */
    public static List<String> of(List<RecordedCommit> commits, Paint paint, Instant now) {
        HistoryLines lines = new HistoryLines(paint, now);
        List<String> all = new ArrayList<>();
        for (RecordedCommit commit : commits) {
            if (!all.isEmpty()) {
                all.add("");
            }
            all.addAll(lines.of(commit));
        }
        return all;
    }

    private List<String> of(RecordedCommit commit) {
        List<String> lines = new ArrayList<>();
        String name = commit.commit().isEmpty()
                ? "without a commit"
                : "commit "
                        + commit.commit()
                                .substring(
                                        0,
                                        Math.min(SHORT_COMMIT, commit.commit().length()));
        lines.add(paint.bold(SafeText.of(name)) + ", generation " + commit.generation() + ": " + end(commit));
        if (!commit.steps().isEmpty() || !commit.holds().isEmpty()) {
            lines.addAll(table(commit).lines());
        }
        return lines;
    }

    private String end(RecordedCommit commit) {
        if (commit.done() != null) {
            return paint.green("done") + " in " + Age.of(Duration.between(commit.begun(), commit.done())) + ", "
                    + at(commit.done());
        }
        return commit.openHold()
                .map(hold -> (hold.stalled() ? paint.red("stalled") : paint.yellow("held")) + " by the gate "
                        + hold.gate() + " for " + Age.of(Duration.between(hold.since(), now)))
                .orElse("not done, begun " + at(commit.begun()));
    }

    /** A line of the table, at its time. */
    private record Entry(Instant at, UnaryOperator<String> color, String what, String role, String took, String why) {}

    private Table table(RecordedCommit commit) {
        List<Entry> entries = new ArrayList<>();
        commit.steps().forEach(step -> entries.add(entry(step)));
        commit.holds().forEach(hold -> entries.add(entry(hold)));
        entries.sort(Comparator.comparing(Entry::at));
        Table table = new Table(INDENT + "TIME", "STEP", "ROLE", "TOOK", "WHY");
        entries.forEach(entry -> table.add(
                entry.color(), INDENT + at(entry.at()), entry.what(), entry.role(), entry.took(), entry.why()));
        return table;
    }

    private Entry entry(RecordedStep step) {
        String took =
                switch (step.state()) {
                    case Running -> "running";
                    case Completed ->
                        step.instance() == null ? "" : step.took().map(Age::of).orElse("");
                    case Superseded -> "superseded";
                };
        String why = step.reasons().isEmpty()
                ? step.reason()
                : step.reasons().stream().map(RestartReason::text).collect(Collectors.joining(", "));
        return new Entry(
                step.startedAt(),
                UnaryOperator.identity(),
                SafeText.of(step.step()),
                Objects.requireNonNullElse(step.role(), ""),
                took,
                SafeText.of(why));
    }

    private Entry entry(RecordedHold hold) {
        Instant end = Objects.requireNonNullElse(hold.until(), now);
        return new Entry(
                hold.since(),
                hold.stalled() ? paint::red : paint::yellow,
                "held: " + hold.gate(),
                "",
                Age.of(Duration.between(hold.since(), end)),
                SafeText.of(hold.reason()));
    }

    private static String at(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
