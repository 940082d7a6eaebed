package dev.ensembled.cli.violations;

import dev.ensembled.reconciler.spec.model.SafeText;
import dev.ensembled.reconciler.spec.read.ParsedCommit;
import dev.ensembled.reconciler.spec.validation.Violation;
import java.io.PrintWriter;

/**
 * Workflow commands of GitHub Actions, which show each violation at its line of a pull request. Everything that comes from
 * a file is escaped, so that no file can add a command or a property.
 */
final class GitHubFormat implements ViolationFormat {
    @Override
    public void print(ParsedCommit parsed, int files, PrintWriter out) {
        parsed.violations().forEach(violation -> out.println(command(violation)));
        out.println(TextFormat.summary(parsed, files));
    }

    private static String command(Violation violation) {
        String title = violation.field().isEmpty() ? "ensembled" : violation.field();
        return "::error file=" + property(violation.file()) + ",line=" + violation.line() + ",col="
                + violation.column() + ",title=" + property(SafeText.of(title)) + "::"
                + data(SafeText.of(
                        violation.field().isEmpty()
                                ? violation.message()
                                : violation.field() + ": " + violation.message()));
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
