package dev.ensembled.cli;

import dev.ensembled.cli.target.Ensembles;
import dev.ensembled.cli.target.StoredEnsemble;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Ends a pause that a request began. */
@Command(
        name = "resume",
        header = "End a pause.",
        description = {
            "Removes the annotation ensembled.dev/paused. A pause by spec.rollout.paused ends with a push only."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:no request pauses the rollout", " 1:the spec pauses the rollout, or it cannot be changed"},
        footerHeading = "%nExample:%n",
        footer = "  @|bold ensembled resume kafka -n streaming|@")
public final class ResumeCommand extends NamedCommand {
    @Override
    int run(Ensembles ensembles, StoredEnsemble ensemble) {
        Optional<String> paused = ensemble.requests().paused();
        if (paused.isPresent()) {
            ensembles.request(ensemble, Requests.PAUSED, Optional.empty());
            out().println("resumed: " + ensemble.id() + ", which was paused by " + SafeText.of(paused.get()));
        }
        if (ensemble.pausedBySpec()) {
            return fail("spec.rollout.paused of " + ensemble.id() + " is true: push \"paused: false\" to resume");
        }
        if (paused.isEmpty()) {
            out().println("not paused: " + ensemble.id());
        }
        return 0;
    }
}
