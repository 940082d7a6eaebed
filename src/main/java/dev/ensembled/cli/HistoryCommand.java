package dev.ensembled.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensembled.cli.target.Ensembles;
import dev.ensembled.cli.target.StoredEnsemble;
import dev.ensembled.cli.text.Documents;
import dev.ensembled.cli.text.Paint;
import dev.ensembled.cli.view.HistoryLines;
import dev.ensembled.reconciler.history.History;
import dev.ensembled.reconciler.history.HistoryText;
import dev.ensembled.reconciler.history.RecordedCommit;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the rollouts of one ensemble did. */
@Command(
        name = "history",
        header = "Show what the rollouts of an ensemble did, commit by commit and step by step.",
        description = "The history is kept with the ensemble, for at most 50 commits; the daemon need not run.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  @|bold ensembled history kafka -n streaming|@",
            "  @|bold ensembled history kafka --commits 1 -o json|@"
        })
public final class HistoryCommand extends NamedCommand {
    @Option(
            names = "--commits",
            paramLabel = "NUMBER",
            defaultValue = "10",
            description = "The newest commits to show (default: ${DEFAULT-VALUE}).")
    private int most;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    /** The formats, as they are written on the command line. */
    enum Format {
        text,
        json
    }

    @Override
    int run(Ensembles ensembles, StoredEnsemble ensemble) {
        List<RecordedCommit> all = ensembles.history(ensemble).commits();
        List<RecordedCommit> newest = all.subList(Math.max(0, all.size() - Math.max(0, most)), all.size());
        if (format == Format.json) {
            out().println(json(newest));
        } else if (newest.isEmpty()) {
            out().println("no history of " + ensemble.id() + " yet: it begins with the next step");
        } else {
            HistoryLines.of(newest, Paint.ofEnvironment(), Clock.systemUTC().instant())
                    .forEach(out()::println);
        }
        return 0;
    }

    private static String json(List<RecordedCommit> commits) {
        try {
            return Documents.json(new ObjectMapper().readTree(HistoryText.of(new History(commits))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the history is not JSON", e);
        }
    }
}
