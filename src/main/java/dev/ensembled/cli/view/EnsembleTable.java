package dev.ensembled.cli.view;

import dev.ensembled.cli.target.StoredEnsemble;
import dev.ensembled.cli.text.Paint;
import dev.ensembled.cli.text.Table;
import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.summary.Age;
import dev.ensembled.summary.Summary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The table of {@code get}: one line for each ensemble. Pure. */
public final class EnsembleTable {
    private static final int REASON = 60;
    private static final int COMMIT = 10;

    private EnsembleTable() {}

    /**
     * Returns the lines.
     *
     * @param wide with more columns, and with the whole reason
     */
    public static List<String> of(List<StoredEnsemble> ensembles, boolean wide, Paint paint, Instant now) {
        Table table = wide
                ? new Table(
                        "NAMESPACE",
                        "NAME",
                        "READY",
                        "VERSION",
                        "VOTERS",
                        "OBSERVERS",
                        "LEADER",
                        "STATE",
                        "COMMIT",
                        "AGE",
                        "REASON")
                : new Table("NAMESPACE", "NAME", "READY", "VERSION", "STATE", "REASON", "COMMIT", "AGE");
        ensembles.forEach(each -> add(table, each, wide, paint, now));
        return table.lines();
    }

    private static void add(Table table, StoredEnsemble ensemble, boolean wide, Paint paint, Instant now) {
        Summary summary = Summary.of(ensemble);
        String namespace = ensemble.id().namespace();
        String name = ensemble.id().name();
        String ready = ensemble.condition("Ready").map(found -> found.status()).orElse("-");
        String version = SafeText.of(ensemble.version());
        String age = Age.of(ensemble.created(), now);
        if (wide) {
            table.add(
                    Colors.of(summary.state(), paint),
                    namespace,
                    name,
                    ready,
                    version,
                    Integer.toString(ensemble.voters()),
                    Integer.toString(ensemble.observers()),
                    Optional.ofNullable(ensemble.status().leader())
                            .map(Object::toString)
                            .orElse("-"),
                    summary.title(),
                    commit(ensemble),
                    age,
                    reason(ensemble, summary));
        } else {
            table.add(
                    Colors.of(summary.state(), paint),
                    namespace,
                    name,
                    ready,
                    version,
                    summary.title(),
                    shortened(reason(ensemble, summary)),
                    commit(ensemble),
                    age);
        }
    }

    /** A settled ensemble has no reason, unless it does not follow its file. */
    private static String reason(StoredEnsemble ensemble, Summary summary) {
        return Summary.sourceProblem(ensemble)
                .filter(problem -> summary.state() == Summary.State.SETTLED)
                .orElse(summary.state() == Summary.State.SETTLED ? "" : summary.reason());
    }

    private static String shortened(String reason) {
        return reason.codePointCount(0, reason.length()) <= REASON
                ? reason
                : reason.substring(0, reason.offsetByCodePoints(0, REASON - 3)).stripTrailing() + "...";
    }

    private static String commit(StoredEnsemble ensemble) {
        return Optional.ofNullable(ensemble.status().source())
                .flatMap(source -> Optional.ofNullable(source.commit()))
                .map(SafeText::of)
                .map(commit -> commit.length() > COMMIT ? commit.substring(0, COMMIT) : commit)
                .orElse("-");
    }
}
