package dev.ensembled.cli;

import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.SpecReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The files of a command that reads them without a network or a cluster, and how it reads them. */
final class FileArguments {
    @Parameters(arity = "1..*", paramLabel = "PATH", description = "A file, or a directory.")
    private List<Path> paths;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of ensembles without metadata.namespace (default: ${DEFAULT-VALUE}).")
    private String namespace;

    @Mixin
    private PolicyOptions installation;

    /** What the files contain; {@code files} is their number. */
    record Content(int files, ParsedCommit parsed) {}

    /** Reads the files, and prints their notes; empty if a path cannot be read, which is printed, too. */
    Optional<Content> read(PrintWriter err) {
        SpecFiles files = new SpecFiles();
        for (Path path : paths) {
            if (!files.add(path, err)) {
                return Optional.empty();
            }
        }
        ParsedCommit parsed = new SpecReader(namespace, installation.policy()).read(files.all());
        parsed.notes().forEach(note -> err.println("note: " + SafeText.of(note)));
        return Optional.of(new Content(files.all().size(), parsed));
    }
}
