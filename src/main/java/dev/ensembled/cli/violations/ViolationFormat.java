package dev.ensembled.cli.violations;

import dev.ensembled.reconciler.spec.read.ParsedCommit;
import java.io.PrintWriter;

/** A format of the violations in a set of files. Implementations are stateless. */
public interface ViolationFormat {
    /** Prints all violations to standard output. */
    void print(ParsedCommit parsed, int files, PrintWriter out);

    /**
     * Returns the format with this name.
     *
     * @param version of ensembled, which SARIF names
     */
    static ViolationFormat of(Name name, String version) {
        return switch (name) {
            case text -> new TextFormat();
            case json -> new JsonFormat();
            case sarif -> new SarifFormat(version);
            case github -> new GitHubFormat();
        };
    }

    /** The names of the formats, as they are written on the command line. */
    enum Name {
        text,
        json,
        sarif,
        github
    }
}
