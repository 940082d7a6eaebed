package dev.ensembled.cli;

import dev.ensembled.cli.target.Ensembles;
import dev.ensembled.cli.target.StoredEnsemble;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Pauses the rollout of an ensemble. */
@Command(
        name = "pause",
        header = "Pause the rollout: no healthy server is restarted, and the membership does not change.",
        description = {
            "Has the effect of spec.rollout.paused without a push, until \"resume\".",
            "Sets the annotation ensembled.dev/paused to your name, the time and the reason."
        },
        footerHeading = "%nExample:%n",
        footer = "  @|bold ensembled pause kafka -n streaming --reason \"load test until 15:00\"|@")
public final class PauseCommand extends NamedCommand {
    private static final int LONGEST_REASON = 200;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Why, for the people who read the status.")
    private String reason;

    @Override
    int run(Ensembles ensembles, StoredEnsemble ensemble) {
        if (reason.length() > LONGEST_REASON) {
            return fail("the reason has " + reason.length() + " characters, at most " + LONGEST_REASON
                    + " are stored: shorten it");
        }
        String value = ensembles.user() + " at " + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                + (reason.isBlank() ? "" : ": " + SafeText.of(reason.strip()));
        ensembles.request(ensemble, Requests.PAUSED, Optional.of(value));
        out().println("paused: " + ensemble.id() + "; to resume: " + Program.name() + " resume "
                + ensembles.arguments(ensemble.id()));
        return 0;
    }
}
