package dev.ensembled.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jboss.logging.Logger;

/** The state of a namespace that a person needs to see when a scenario has failed in it. */
final class FailureReport {
    private static final Logger LOG = Logger.getLogger(FailureReport.class);
    private static final List<List<String>> QUESTIONS = List.of(
            List.of(
                    "get",
                    "zookeeperensembles.ensembled.dev,statefulsets,poddisruptionbudgets,pods",
                    "--output",
                    "wide"),
            List.of("get", "zookeeperensembles.ensembled.dev", "--output", "yaml"),
            List.of("get", "events", "--sort-by", ".lastTimestamp"),
            List.of("describe", "pods"),
            List.of("logs", "--selector", "app.kubernetes.io/name=ensembled", "--tail", "-1"),
            List.of("logs", "--selector", "app.kubernetes.io/name=ensembled", "--tail", "200", "--previous"),
            List.of("logs", "--selector", "app.kubernetes.io/name=zookeeper", "--tail", "100", "--prefix"));

    private FailureReport() {}

    static void write(String namespace, String scenario) {
        StringBuilder text = new StringBuilder();
        for (List<String> question : QUESTIONS) {
            text.append("\n=== kubectl ").append(String.join(" ", question)).append('\n');
            text.append(answer(namespace, question));
        }
        Path file = TestCluster.output().resolve("e2e").resolve("failed-" + namespace + "-" + scenario + ".log");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LOG.errorf("scenario failed scenario=%s namespace=%s file=%s", scenario, namespace, file);
    }

    private static String answer(String namespace, List<String> question) {
        try {
            return TestCluster.kubectl("--namespace", namespace)
                    .and(question.toArray(String[]::new))
                    .run();
        } catch (IllegalStateException e) {
            return e.getMessage(); // a diagnosis reports what it can
        }
    }
}
