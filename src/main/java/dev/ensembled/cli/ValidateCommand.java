package dev.ensembled.cli;

import dev.ensembled.reconciler.spec.model.OneLine;
import dev.ensembled.reconciler.spec.read.Parsed;
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
        header = "Say what is wrong with spec files.",
        description = {
            "Reads *.yaml and *.yml at any depth, as the daemon would, without a network or a cluster.",
            "Each violation is one line: file:line:column: field: message.",
            "What the installation allows is taken from the options below, or from the daemon's own variables."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:everything is valid",
            " 1:there are violations",
            " 2:wrong usage, or a path that cannot be read"
        })
public final class ValidateCommand implements Callable<Integer> {
    private static final int VIOLATIONS = 1;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "A file, or a directory with files.")
    private List<Path> paths;

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of ensembles that name none (default: ${DEFAULT-VALUE}).")
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
        Parsed parsed = new SpecReader(namespace, installation.policy()).read(files);
        parsed.notes().forEach(note -> err().println("note: " + OneLine.of(note)));
        PrintWriter out = command.commandLine().getOut();
        parsed.violations().forEach(violation -> out.println(OneLine.of(violation.toString())));
        if (parsed.ensembles().isEmpty() && parsed.violations().isEmpty()) {
            err().println("note: no ensemble found in " + counted(files.size(), "file")
                    + ": is this the right directory?");
        }
        out.println(summary(parsed, files.size()));
        return parsed.violations().isEmpty() ? ExitCode.OK : VIOLATIONS;
    }

    private static String summary(Parsed parsed, int files) {
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
