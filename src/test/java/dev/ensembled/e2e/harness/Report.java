package dev.ensembled.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jboss.logging.Logger;

/** The measurements of the run, in e2e-report.md and in the log. */
public final class Report {
    private static final Logger LOG = Logger.getLogger(Report.class);
    private static final Path FILE = TestCluster.output().resolve("e2e-report.md");
    private static boolean begun;

    private Report() {}

    /** Adds a section. */
    public static synchronized void add(String title, List<String> lines) {
        String section = "## " + title + "\n\n" + String.join("\n", lines) + "\n\n";
        LOG.infof("measured\n%s", section);
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(
                    FILE,
                    section,
                    StandardOpenOption.CREATE,
                    begun ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
            begun = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
