package dev.ensembled.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.git.reference.ReferenceFuzz;
import dev.ensembled.git.signature.SignatureFuzz;
import dev.ensembled.git.signature.TrustedKeysFuzz;
import dev.ensembled.web.PlanRequestFuzz;
import dev.ensembled.webhook.WebhookFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs each fuzz target with Jazzer, in a process of its own, from a corpus in test/resources: the same inputs in each
 * build, or for a time (docs/testing.md).
 */
class FuzzTargetsTest {
    private static final int RUNS = Integer.getInteger("fuzz.runs", 2_000);
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 0);
    private static final Path OUTPUT = Path.of("..", "target", "fuzz");
    private static final Pattern COUNTS = Pattern.compile("fuzz inputs=(\\d+) refused=(\\d+)");

    @TempDir
    Path directory;

    enum Target {
        SPEC(SpecReaderFuzz.class, "fuzz/spec"),
        WEBHOOK(WebhookFuzz.class, "fuzz/webhook"),
        SIGNATURE(SignatureFuzz.class, "signatures/objects"),
        TRUSTED_KEYS(TrustedKeysFuzz.class, "signatures/keys"),
        REFERENCE(ReferenceFuzz.class, "fuzz/reference"),
        PLAN(PlanRequestFuzz.class, "fuzz/plan");

        private final Class<?> target;
        private final String corpus;

        Target(Class<?> target, String corpus) {
            this.target = target;
            this.corpus = corpus;
        }
    }

    @ParameterizedTest
    @EnumSource
    void noInputBreaksTheTarget(Target one) throws IOException, InterruptedException {
        Path output = Files.createDirectories(OUTPUT.resolve(one.target.getSimpleName()));
        Path log = output.resolve("fuzz.log");
        Process jazzer = new ProcessBuilder(command(one, output))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(jazzer.waitFor(SECONDS + 300L, TimeUnit.SECONDS))
                    .as(() -> "ends in time, see " + log)
                    .isTrue();
        } finally {
            jazzer.destroyForcibly();
        }
        String text = Files.readString(log);
        assertThat(jazzer.exitValue())
                .as(() -> "exit code of Jazzer; the input is in " + output + ": " + finding(text))
                .isZero();
        Matcher counts = COUNTS.matcher(text);
        assertThat(counts.find()).as(() -> "the counts in " + log).isTrue();
        int inputs = Integer.parseInt(counts.group(1));
        int refused = Integer.parseInt(counts.group(2));
        assertThat(inputs).isGreaterThanOrEqualTo(SECONDS > 0 ? 1 : RUNS);
        assertThat(refused).as("inputs that are refused").isBetween(1, inputs - 1);
    }

    private List<String> command(Target one, Path output) throws IOException {
        Path found = SECONDS > 0 ? output.resolve("corpus") : directory;
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                SECONDS > 0 ? "-XX:+TieredCompilation" : "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + one.target.getName(),
                "--instrumentation_includes=dev.ensembled.**",
                "--custom_hook_excludes=**",
                "--reproducer_path=" + output,
                "-artifact_prefix=" + output + "/",
                SECONDS > 0 ? "-max_total_time=" + SECONDS : "-runs=" + RUNS,
                SECONDS > 0 ? "-seed=" + System.nanoTime() % 1_000_000 : "-seed=1",
                "-timeout=20",
                "-rss_limit_mb=0",
                "-max_len=4096",
                Files.createDirectories(found).toString(),
                Path.of("test", "resources").resolve(one.corpus).toString());
    }

    /** The part of the log that describes what was found. */
    private static String finding(String log) {
        int start = Math.max(log.indexOf("== Java Exception"), log.indexOf("== libFuzzer"));
        return log.substring(Math.max(0, start));
    }
}
