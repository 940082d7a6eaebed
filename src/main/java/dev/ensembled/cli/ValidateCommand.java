package dev.ensembled.cli;

import dev.ensembled.cli.violations.ViolationFormat;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Reports the violations in spec files, without a network, a cluster or the daemon. Each violation is one line on standard
 * output, in the format that editors and CI systems turn into links; notes go to standard error.
 */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        header = "Validate ensemble files.",
        description = {
            "Reads *.yaml and *.yml at any depth, as the daemon does, without a network or a cluster.",
            "Prints each violation as one line: file:line:column: field: message; or in the format of --output.",
            "The policy of the installation is set by the options below, or by the environment variables of the daemon."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:all files are valid",
            " 1:violations were found",
            " 2:invalid arguments, or a path cannot be read"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  @|bold ensembled validate .|@",
            "  @|bold ensembled validate -o github ensembles/|@     annotate a pull request in GitHub Actions",
            "  @|bold ensembled validate -o sarif . >ensembled.sarif|@     upload to GitHub code scanning"
        })
public final class ValidateCommand implements Callable<Integer> {
    private static final int VIOLATIONS = 1;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private ViolationFormat.Name format;

    @Mixin
    private FileArguments files;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        return files.read(err()).map(this::report).orElse(ExitCode.USAGE);
    }

    private int report(FileArguments.Content content) {
        ParsedCommit parsed = content.parsed();
        int number = content.files();
        if (parsed.ensembles().isEmpty() && parsed.violations().isEmpty()) {
            err().println("note: no ensemble found in " + number + (number == 1 ? " file" : " files")
                    + "; check the path");
        }
        ViolationFormat.of(format, Version.number())
                .print(parsed, number, command.commandLine().getOut());
        return parsed.violations().isEmpty() ? ExitCode.OK : VIOLATIONS;
    }

    private PrintWriter err() {
        return command.commandLine().getErr();
    }
}
