package dev.ensembled.cli;

import dev.ensembled.cli.target.Ensembles;
import dev.ensembled.cli.target.StoredEnsemble;
import dev.ensembled.reconciler.desired.Requests;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Asks to reconcile now, although no maintenance window is open. */
@Command(
        name = "reconcile",
        header = "Go ahead now, although no maintenance window is open.",
        description = {
            "Maintenance windows are skipped until all that is wanted now has been carried out. No other gate is skipped.",
            "Sets the annotation ensembled.dev/reconcile-now."
        },
        footerHeading = "%nExample:%n",
        footer = "  @|bold ensembled reconcile kafka -n streaming|@")
public final class ReconcileCommand extends NamedCommand {
    @Override
    int run(Ensembles ensembles, StoredEnsemble ensemble) {
        ensembles.request(
                ensemble, Requests.RECONCILE_NOW, Optional.of(Instant.now().toString()));
        out().println("requested: reconcile " + ensemble.id() + " now, without waiting for a maintenance window");
        return 0;
    }
}
