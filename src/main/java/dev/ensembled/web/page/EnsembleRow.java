package dev.ensembled.web.page;

import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.reconciler.cycle.EnsembleStore.Accepted;
import dev.ensembled.reconciler.cycle.ReconcileCycle;
import dev.ensembled.reconciler.observed.Member;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.SourceStatus;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.summary.ReportedEnsemble;
import dev.ensembled.summary.Summary;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * One ensemble on the overview. Two rows are equal if a person would see no difference.
 *
 * @param gate the name of the closed gate; empty if none is closed
 * @param reason what it does or waits for; empty if it is settled
 * @param since when that began, in RFC 3339; empty if it is not known
 * @param version of ZooKeeper
 * @param commit from which the spec was accepted; empty if it is not from a Git source
 * @param healthy the number of servers that serve and are ready
 * @param leader the id of the leader; empty if there is none
 */
public record EnsembleRow(
        EnsembleId id,
        EnsembleState state,
        String gate,
        String reason,
        String since,
        String version,
        String commit,
        long healthy,
        int servers,
        String leader) {
    static final Comparator<EnsembleRow> MOST_URGENT_FIRST =
            Comparator.comparing(EnsembleRow::state).thenComparing(EnsembleRow::id);
    private static final int SHORT_COMMIT = 10;

    /** Returns the row of a latest result. */
    public static EnsembleRow of(EnsembleId id, ReconcileResult latest) {
        return latest.result()
                .map(result -> of(id, latest, result))
                .orElseGet(() -> unknown(id, latest.failure().orElse("")));
    }

    private static EnsembleRow unknown(EnsembleId id, String failure) {
        boolean fails = !failure.isEmpty();
        return new EnsembleRow(
                id,
                fails ? EnsembleState.FAILING : EnsembleState.PENDING,
                "",
                fails ? "Reconciliation failed: " + SafeText.of(failure) : "not observed yet",
                "",
                "",
                "",
                0,
                0,
                "");
    }

    private static EnsembleRow of(EnsembleId id, ReconcileResult latest, ReconcileCycle.Result result) {
        Accepted accepted = result.accepted();
        ReportedEnsemble reported = ReportedEnsemble.of(accepted, result.status());
        Summary summary = Summary.of(reported);
        Optional<String> file = Summary.sourceProblem(reported);
        EnsembleState state =
                EnsembleState.of(summary, file.isPresent(), latest.failure().isPresent());
        return new EnsembleRow(
                id,
                state,
                summary.gate().map(Object::toString).orElse(""),
                latest.failure()
                        .map(why -> "Reconciliation failed: " + SafeText.of(why))
                        .orElse(summary.state() == Summary.State.SETTLED ? file.orElse("") : summary.reason()),
                Optional.ofNullable(summary.since()).orElse(""),
                SafeText.of(accepted.spec().version()),
                Optional.ofNullable(result.status().source())
                        .map(SourceStatus::commit)
                        .map(SafeText::of)
                        .orElse(""),
                result.observed().members().stream().filter(Member::isHealthy).count(),
                result.observed().members().size(),
                Optional.ofNullable(result.status().leader())
                        .map(Object::toString)
                        .orElse(""));
    }

    /** The state with the name of the closed gate. */
    public String title() {
        return gate.isEmpty() ? state.toString() : state + ": " + gate;
    }

    /** The commit as it is shown. */
    public String shortCommit() {
        return shortened(commit);
    }

    static String shortened(String commit) {
        return commit.length() > SHORT_COMMIT ? commit.substring(0, SHORT_COMMIT) : commit;
    }

    /** The address of its page, relative to the overview. */
    public String path() {
        return "ensembles/" + id.namespace() + "/" + id.name();
    }

    /** Whether one of the texts of the row contains this one, in whatever case. */
    boolean contains(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return (id + " " + title() + " " + reason + " " + version + " " + commit)
                .toLowerCase(Locale.ROOT)
                .contains(wanted);
    }
}
