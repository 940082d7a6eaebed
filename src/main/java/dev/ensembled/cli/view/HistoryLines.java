package dev.ensembled.cli.view;

import dev.ensembled.cli.text.Paint;
import dev.ensembled.cli.text.Table;
import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.summary.Age;
import dev.ensembled.summary.HistoryEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

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

    private Table table(RecordedCommit commit) {
        Table table = new Table(INDENT + "TIME", "STEP", "ROLE", "TOOK", "WHY");
        HistoryEntry.of(commit, now)
                .forEach(entry -> table.add(
                        color(entry), INDENT + at(entry.at()), entry.what(), entry.role(), entry.took(), entry.why()));
        return table;
    }

    private UnaryOperator<String> color(HistoryEntry entry) {
        return switch (entry.kind()) {
            case STEP -> UnaryOperator.identity();
            case HELD -> paint::yellow;
            case STALLED -> paint::red;
        };
    }

    private static String at(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
