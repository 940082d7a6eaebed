package dev.ensembled.web.page;

import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.summary.Age;
import dev.ensembled.summary.HistoryEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The rollout of one commit in the history.
 *
 * @param commit empty if the spec is not from a Git source
 * @param end how it ended, or how far it is
 * @param state done, stalled, held or open: a class of the style sheet
 */
public record HistoryView(String commit, long generation, String begun, String end, String state, List<Line> lines) {

    /** As {@code ensembled history} shows by default. */
    private static final int COMMITS = 10;

    /** A line with its time in RFC 3339, and the kind as a class of the style sheet. */
    public record Line(String at, String kind, String what, String role, String took, String why) {
        static Line of(HistoryEntry entry) {
            return new Line(
                    seconds(entry.at()),
                    entry.kind().name().toLowerCase(Locale.ROOT),
                    entry.what(),
                    entry.role(),
                    entry.took(),
                    entry.why());
        }
    }

    /** Returns the newest commits, the newest first. */
    static List<HistoryView> of(History history, Instant now) {
        List<RecordedCommit> all = history.commits();
        List<RecordedCommit> newest = new ArrayList<>(all.subList(Math.max(0, all.size() - COMMITS), all.size()));
        Collections.reverse(newest);
        return newest.stream().map(commit -> of(commit, now)).toList();
    }

    private static HistoryView of(RecordedCommit commit, Instant now) {
        return new HistoryView(
                EnsembleRow.shortened(SafeText.of(commit.commit())),
                commit.generation(),
                seconds(commit.begun()),
                end(commit),
                state(commit),
                HistoryEntry.of(commit, now).stream().map(Line::of).collect(Collectors.toList()));
    }

    private static String state(RecordedCommit commit) {
        return commit.done() != null
                ? "done"
                : commit.openHold()
                        .map(hold -> hold.stalled() ? "stalled" : "held")
                        .orElse("open");
    }

    private static String end(RecordedCommit commit) {
        return commit.done() != null
                ? "done in " + Age.of(Duration.between(commit.begun(), commit.done()))
                : commit.openHold()
                        .map(hold -> (hold.stalled() ? "stalled" : "held") + " by the gate " + hold.gate())
                        .orElse("not done");
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
