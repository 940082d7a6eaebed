package dev.ensembled;

import dev.ensembled.cli.ApproveCommand;
import dev.ensembled.cli.CompletionCommand;
import dev.ensembled.cli.GetCommand;
import dev.ensembled.cli.HistoryCommand;
import dev.ensembled.cli.LocalCommand;
import dev.ensembled.cli.PauseCommand;
import dev.ensembled.cli.PlanCommand;
import dev.ensembled.cli.Program;
import dev.ensembled.cli.ReconcileCommand;
import dev.ensembled.cli.RenderCommand;
import dev.ensembled.cli.ResumeCommand;
import dev.ensembled.cli.RunCommand;
import dev.ensembled.cli.StatusCommand;
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
        subcommands = {
            PlanCommand.class,
            GetCommand.class,
            StatusCommand.class,
            HistoryCommand.class,
            ReconcileCommand.class,
            ApproveCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            ValidateCommand.class,
            RenderCommand.class,
            LocalCommand.class,
            RunCommand.class,
            CompletionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "\"ensembled COMMAND --help\" describes a command, with examples."})
public final class Ensembled {
    private Ensembled() {}

    /** Ends the process with the exit code of the command: 0 for success, 2 for invalid arguments. */
    public static void main(String... args) {
        System.exit(commandLine().execute(args));
    }

    /** Returns the command line with all subcommands. */
    public static CommandLine commandLine() {
        return new CommandLine(new Ensembled())
                .setCommandName(Program.name())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
