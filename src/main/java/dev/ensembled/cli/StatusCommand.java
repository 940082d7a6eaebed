package dev.ensembled.cli;

import dev.ensembled.cli.target.Ensembles;
import dev.ensembled.cli.target.StoredEnsemble;
import dev.ensembled.cli.text.Documents;
import dev.ensembled.cli.text.Paint;
import dev.ensembled.cli.view.StatusJson;
import dev.ensembled.cli.view.StatusText;
import dev.ensembled.summary.GateCommand;
import dev.ensembled.summary.Summary;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What one ensemble does, what holds it, since when, and what opens the gate. */
@Command(
        name = "status",
        header = "Explain what an ensemble does, and what holds it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:the status was printed; with --wait: the ensemble is settled",
            " 1:the ensemble cannot be read; with --wait: the timeout has passed",
            " 2:invalid arguments",
            " 3:with --wait: it is stalled, or held until a person decides"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  @|bold ensembled status kafka -n streaming|@",
            "  @|bold ensembled status kafka --wait --timeout 30m|@     in a pipeline, after a push was accepted",
            "  @|bold ensembled status kafka -o json|@"
        })
public final class StatusCommand extends NamedCommand {
    private static final int NEEDS_A_PERSON = 3;
    private static final Duration POLL = Duration.ofSeconds(1);

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(
            names = {"-w", "--wait"},
            description = "Print each change until the ensemble is settled, or a person must act.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10m",
            converter = DurationOption.class,
            description = "With --wait: how long, such as 90s, 10m or 2h (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    private final Clock clock = Clock.systemUTC();

    /** The formats, as they are written on the command line. */
    enum Format {
        text,
        json
    }

    @Override
    int run(Ensembles ensembles, StoredEnsemble ensemble) {
        StoredEnsemble last = wait ? waited(ensembles, ensemble) : ensemble;
        Optional<String> command =
                GateCommand.of(last, ensembles.arguments(last.id())).map(text -> Program.name() + " " + text);
        if (format == Format.json) {
            out().println(Documents.json(StatusJson.of(last, command)));
        } else {
            StatusText.of(last, command, Paint.ofEnvironment(), clock.instant()).forEach(out()::println);
        }
        return wait ? exitCode(last) : 0;
    }

    private int exitCode(StoredEnsemble ensemble) {
        if (Summary.needsAPerson(ensemble)) {
            return NEEDS_A_PERSON;
        }
        return settled(ensemble) ? 0 : fail("not settled within " + timeout.toSeconds() + " s");
    }

    private static boolean settled(StoredEnsemble ensemble) {
        return Summary.of(ensemble).state() == Summary.State.SETTLED;
    }

    /** Returns the ensemble when it is settled, when a person must act, or after the timeout. */
    private StoredEnsemble waited(Ensembles ensembles, StoredEnsemble first) {
        Instant end = clock.instant().plus(timeout);
        StoredEnsemble current = first;
        String printed = "";
        while (!settled(current)
                && !Summary.needsAPerson(current)
                && clock.instant().isBefore(end)) {
            Summary summary = Summary.of(current);
            String line = summary.title() + ": " + summary.reason();
            if (format == Format.text && !line.equals(printed)) {
                out().println(line);
                out().flush();
                printed = line;
            }
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return current;
            }
            current = ensembles.get(first.id().name());
        }
        return current;
    }
}
