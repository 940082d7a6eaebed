package dev.ensembled;

import dev.ensembled.cli.LocalCommand;
import dev.ensembled.cli.RunCommand;
import dev.ensembled.cli.ValidateCommand;
import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point: every way to start ensembled is a subcommand. */
@QuarkusMain
@Command(
        name = "ensembled",
        mixinStandardHelpOptions = true,
        versionProvider = dev.ensembled.cli.Version.class,
        description = "GitOps for Apache ZooKeeper ensembles.",
        subcommands = {LocalCommand.class, ValidateCommand.class, RunCommand.class},
        synopsisSubcommandLabel = "COMMAND")
public final class Ensembled {
    private Ensembled() {}

    /** Ends the process with the exit code of the command: 0 for success, 2 for invalid arguments. */
    public static void main(String... args) {
        System.exit(new CommandLine(new Ensembled()).execute(args));
    }
}
