package dev.ensembled.cli;

import dev.ensembled.cli.target.Ensembles;
import dev.ensembled.cli.target.StoredEnsemble;
import picocli.CommandLine.Parameters;

/** A command on one ensemble. */
abstract class NamedCommand extends TargetCommand {
    @Parameters(paramLabel = "NAME", description = "The name of the ensemble.")
    private String name;

    @Override
    final int run(Ensembles ensembles) {
        return run(ensembles, ensembles.get(name));
    }

    /** Returns the exit code. */
    abstract int run(Ensembles ensembles, StoredEnsemble ensemble);
}
