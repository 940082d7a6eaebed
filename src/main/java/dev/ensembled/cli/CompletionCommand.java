package dev.ensembled.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands, options and their values. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        header = "Print a completion script for a shell.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  @|bold source <(ensembled completion bash)|@     in ~/.bashrc",
            "  @|bold source <(ensembled completion zsh)|@     in ~/.zshrc"
        })
public final class CompletionCommand implements Callable<Integer> {
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
        // The script enables completion for bash in zsh itself.
        command.commandLine().getOut().println("# Completion of ensembled for " + shell);
        command.commandLine()
                .getOut()
                .print(AutoComplete.bash("ensembled", command.root().commandLine()));
        command.commandLine().getOut().flush();
        return 0;
    }
}
