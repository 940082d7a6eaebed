package dev.ensembled.fuzz;

import dev.ensembled.reconciler.spec.model.EnsembleId;
import dev.ensembled.reconciler.spec.read.CommitReader;
import dev.ensembled.reconciler.spec.read.Leftover;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.read.ParsedCommit.Found;
import dev.ensembled.reconciler.spec.read.SourceFile;
import dev.ensembled.reconciler.spec.read.SpecReader;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Files of a commit. Any content gives a parsed commit; an accepted ensemble has no violations when it is read again from
 * what would be stored, and violations name their location and fit into one line.
 */
public final class SpecReaderFuzz {
    private static final SpecReader SPECS = new SpecReader("default", Set.of());
    private static final Leftover GONE = new Leftover(new EnsembleId("prod", "kafka"), "kafka.yaml");

    private SpecReaderFuzz() {}

    /** The input is the content of a file; the second half of the input is also that of another file. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<SourceFile> files = List.of(
                SourceFile.of("a.yaml", input),
                SourceFile.of("b.yaml", Arrays.copyOfRange(input, input.length / 2, input.length)));
        CommitReader.Result result = new CommitReader(SPECS).read(files, () -> true);
        if (!(result instanceof CommitReader.Complete complete)) {
            throw new AssertionError("expected all files to be read: " + result);
        }
        ParsedCommit parsed = complete.parsed();
        parsed.violations().forEach(SpecReaderFuzz::check);
        parsed.ensembles().forEach(one -> check(one, parsed));
        GONE.in("c.txt", input).ifPresent(SpecReaderFuzz::check);
        if (parsed.ensembles().isEmpty()) {
            FuzzCount.refused();
        } else {
            FuzzCount.accepted();
        }
    }

    private static void check(Violation violation) {
        require(violation.line() >= 1 && violation.column() >= 1, "expected a location: " + violation);
        require(violation.toString().lines().count() <= 1, "expected one line: " + violation);
    }

    private static void check(Found found, ParsedCommit parsed) {
        require(!parsed.invalid().contains(found.id()), "both accepted and invalid: " + found.id());
        List<Violation> stored = SPECS.check(found.resource());
        require(stored.isEmpty(), "accepted, but not valid as it would be stored: " + stored);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    public static void fuzzerTearDown() {
        FuzzCount.print();
    }
}
