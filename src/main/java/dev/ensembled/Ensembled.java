package dev.ensembled;

import dev.ensembled.cli.ApproveCommand;
import dev.ensembled.cli.CompleteCommand;
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
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point: every way to start ensembled is a subcommand. */
@QuarkusMain
@Command(
        name = "ensembled",
        mixinStandardHelpOptions = true,
        versionProvider = dev.ensembled.cli.Version.class,
        description = "GitOps for Apache ZooKeeper ensembles.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "\"ensembled COMMAND --help\" describes a command, with examples."})
public final class Ensembled {
    /** In the order in which the help lists them. */
    private static final List<Class<?>> COMMANDS = List.of(
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
            CompletionCommand.class,
            CompleteCommand.class);

    /** Completion is that of all commands. */
    private static final Set<Class<?>> NEED_ALL = Set.of(CompletionCommand.class, CompleteCommand.class);

    private Ensembled() {}

    /** Ends the process with the exit code of the command: 0 for success, 2 for invalid arguments. */
    public static void main(String... args) {
        System.exit(commandLine(args).execute(args));
    }

    /**
     * Returns the command line for these arguments. It has all commands, unless the first argument is the name of one: then
     * it has that command only, because the options of all commands take a sixth of the time of a command.
     */
    public static CommandLine commandLine(String... arguments) {
        CommandLine line = new CommandLine(new Ensembled());
        // Not a reference to the method: the classes that lambdas name are linked when the class archive is made, and a
        // linked class with an old class file, as picocli's have, is left out of the archive.
        for (Class<?> command : commands(arguments)) {
            line.addSubcommand(command);
        }
        return line.setCommandName(Program.name()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static List<Class<?>> commands(String... arguments) {
        return COMMANDS.stream()
                .filter(type -> arguments.length > 0 && nameOf(type).equals(arguments[0]))
                .filter(type -> !NEED_ALL.contains(type))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    private static String nameOf(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }
}
