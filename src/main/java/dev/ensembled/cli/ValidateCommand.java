package dev.ensembled.cli;

import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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
            "Prints each violation as one line: file:line:column: field: message.",
            "The policy of the installation is set by the options below, or by the environment variables of the daemon."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:all files are valid",
            " 1:violations were found",
            " 2:invalid arguments, or a path cannot be read"
        })
public final class ValidateCommand implements Callable<Integer> {
    private static final int VIOLATIONS = 1;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "A file, or a directory.")
    private List<Path> paths;

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of ensembles without metadata.namespace (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Mixin
    private PolicyOptions installation;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        SpecFiles files = new SpecFiles();
        for (Path path : paths) {
            try {
                files.add(path);
            } catch (NoSuchFileException e) {
                return unreadable(path, "no such file or directory");
            } catch (IOException e) {
                return unreadable(path, e.toString());
            }
        }
        return report(files.all());
    }

    private int unreadable(Path path, String reason) {
        err().println("cannot read " + path + ": " + reason);
        return ExitCode.USAGE;
    }

    private int report(List<SourceFile> files) {
        ParsedCommit parsed = new SpecReader(namespace, installation.policy()).read(files);
        parsed.notes().forEach(note -> err().println("note: " + SafeText.of(note)));
        PrintWriter out = command.commandLine().getOut();
        parsed.violations().forEach(violation -> out.println(SafeText.of(violation.toString())));
        if (parsed.ensembles().isEmpty() && parsed.violations().isEmpty()) {
            err().println("note: no ensemble found in " + counted(files.size(), "file") + "; check the path");
        }
        out.println(summary(parsed, files.size()));
        return parsed.violations().isEmpty() ? ExitCode.OK : VIOLATIONS;
    }

    private static String summary(ParsedCommit parsed, int files) {
        String valid = counted(parsed.ensembles().size(), "valid ensemble") + " in " + counted(files, "file");
        return parsed.violations().isEmpty()
                ? valid + ", no violations"
                : valid + ", " + counted(parsed.violations().size(), "violation") + " in "
                        + counted(parsed.invalidPaths().size(), "file");
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private PrintWriter err() {
        return command.commandLine().getErr();
    }
}
