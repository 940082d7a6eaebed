package dev.ensembled.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands, options and their values, and the names of ensembles. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        header = "Print a completion script for a shell.",
        description = {
            "The names of ensembles are read from the cluster, or from the local daemon, when they are completed.",
            "For kubectl, link the launcher as kubectl_complete-ensembled into a directory of the path, beside"
                    + " kubectl-ensembled."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  @|bold source <(ensembled completion bash)|@     in ~/.bashrc",
            "  @|bold source <(ensembled completion zsh)|@     in ~/.zshrc"
        })
public final class CompletionCommand implements Callable<Integer> {
    /** Asks the program for names when the script of picocli, which knows the model, has no candidates. */
    private static final String NAMES =
            """

            function _complete_ensembled_names() {
              _complete_ensembled
              if [ "${#COMPREPLY[@]}" -gt 0 ]; then return 0; fi
              case "${COMP_WORDS[1]}" in
                COMMANDS) ;;
                *) return 0 ;;
              esac
              local IFS=$'\\n'
              COMPREPLY=($("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:$COMP_CWORD}" 2>/dev/null | sed '/^:/d'))
            }
            complete -F _complete_ensembled_names -o default ensembled
            """;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    @Spec
    private CommandSpec command;

    /** The shells, as they are written on the command line. */
    enum Shell {
        bash,
        zsh
    }

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        // The script enables completion for bash in zsh itself.
        out.println("# Completion of ensembled for " + shell);
        out.print(AutoComplete.bash("ensembled", command.root().commandLine()));
        out.print(NAMES.replace("COMMANDS", commandsWithNames()));
        out.flush();
        return 0;
    }

    private String commandsWithNames() {
        return command.root().subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(spec -> spec.positionalParameters().stream()
                        .anyMatch(parameter -> parameter.paramLabel().equals(CompleteCommand.NAME)))
                .map(CommandSpec::name)
                .collect(Collectors.joining(" | "));
    }
}
