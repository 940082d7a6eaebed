package dev.ensembled.cli.violations;

import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import java.io.PrintWriter;

/** One line for each violation, in the form that editors turn into links, and a summary. */
final class TextFormat implements ViolationFormat {
    @Override
    public void print(ParsedCommit parsed, int files, PrintWriter out) {
        parsed.violations().forEach(violation -> out.println(SafeText.of(violation.toString())));
        out.println(summary(parsed, files));
    }

    static String summary(ParsedCommit parsed, int files) {
        String valid = counted(parsed.ensembles().size(), "valid ensemble") + " in " + counted(files, "file");
        return parsed.violations().isEmpty()
                ? valid + ", no violations"
                : valid + ", " + counted(parsed.violations().size(), "violation") + " in "
                        + counted(parsed.invalidPaths().size(), "file");
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
