package dev.ensembled.web.page;

import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Condition;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.summary.ReportedEnsemble;
import dev.ensembled.summary.Summary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the page of one ensemble shows.
 *
 * @param gate the closed gate; null if none is closed
 * @param source the file and repository of its spec; empty if it is not from a Git source
 * @param available who serves, in a sentence; empty if nothing is reported
 * @param history the newest commit first; empty where only the roll is shown
 */
public record EnsembleView(
        EnsembleRow row,
        RollLine roll,
        List<ServerRow> servers,
        GateView gate,
        String source,
        String fileProblem,
        String available,
        List<HistoryView> history) {

    /**
     * Returns the view of a latest result.
     *
     * @param options select an ensemble on the command line, after its name
     */
    public static EnsembleView of(EnsembleId id, ReconcileResult latest, String options, Instant now) {
        EnsembleRow row = EnsembleRow.of(id, latest);
        return latest.result()
                .map(result -> of(row, result, options, HistoryView.of(result.history(), now), now))
                .orElseGet(() -> new EnsembleView(row, RollLine.NONE, List.of(), null, "", "", "", List.of()));
    }

    /** Returns the view without the history. */
    public static Optional<EnsembleView> roll(EnsembleId id, ReconcileResult latest, String options, Instant now) {
        return latest.result()
                .map(result -> of(EnsembleRow.of(id, latest), result, options, List.of(), now))
                .filter(view -> view.roll().active() && !view.roll().isEmpty());
    }

    private static EnsembleView of(
            EnsembleRow row, ReconcileCycle.Result result, String options, List<HistoryView> history, Instant now) {
        ReportedEnsemble reported = ReportedEnsemble.of(result.accepted(), result.status());
        Summary summary = Summary.of(reported);
        return new EnsembleView(
                row,
                RollLine.of(result, summary, now),
                ServerRow.of(result),
                GateView.of(reported, summary, options).orElse(null),
                Optional.ofNullable(result.status().source())
                        .map(EnsembleView::source)
                        .orElse(""),
                Summary.sourceProblem(reported).orElse(""),
                reported.condition("Available")
                        .map(Condition::message)
                        .map(SafeText::of)
                        .orElse(""),
                history);
    }

    private static String source(SourceStatus source) {
        return SafeText.of(source.path() + (source.origin() == null ? "" : " of " + source.origin()));
    }

    /** Whether any server has a known node. */
    public boolean hasNodes() {
        return servers.stream().anyMatch(server -> !server.node().isEmpty());
    }

    /** What it does now, in one sentence, for screen readers. */
    public String headline() {
        return row.title() + (row.reason().isEmpty() ? "" : ". " + row.reason());
    }
}
