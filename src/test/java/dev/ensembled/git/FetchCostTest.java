package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a push of one file costs in a repository with 10,000 files and 2,000 commits: prints the median of bytes, time and
 * memory for docs/git.md. A measurement, which runs only on request (docs/testing.md).
 */
@EnabledIfSystemProperty(named = "fetch.cost", matches = "true")
class FetchCostTest {
    private static final int FILES = 10_000;
    private static final int COMMITS = 2_000;
    private static final int PUSHES = 9;

    @TempDir
    Path directory;

    private int pushed;

    /** What one fetch cost. */
    private record Cost(long bytes, long millis, long before, long after, long peak) {}

    @Test
    void costOfOnePushIsMeasured() throws Exception {
        Path repository = directory.resolve("config.git");
        GitCommand.git(directory, "init", "-q", "--bare", "-b", "main", repository.toString());
        GitCommand.git(repository, "config", "uploadpack.allowFilter", "true");
        load(repository, COMMITS);
        try (GitHttpServer server = GitHttpServer.http(directory)) {
            for (String path : List.of("", "dir00")) {
                report(path, "-XX:+UseSerialGC", "-Xmx256m", server);
                report(path, "-XX:+UseEpsilonGC", "-Xmx6g", server);
            }
        }
    }

    private void report(String path, String collector, String heap, GitHttpServer server) throws Exception {
        List<Cost> costs = new ArrayList<>();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UnlockExperimentalVMOptions",
                        collector,
                        heap,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FetchCost.class.getName(),
                        server.url("config.git"),
                        path,
                        directory
                                .resolve("cache-" + path + collector.hashCode())
                                .toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
                Writer in =
                        new BufferedWriter(new OutputStreamWriter(child.getOutputStream(), StandardCharsets.UTF_8))) {
            for (int push = 0; push <= PUSHES; push++) {
                costs.add(fetch(in, out, server));
                load(directory.resolve("config.git"), 1);
            }
        } finally {
            child.destroyForcibly();
        }
        PrintStream console = System.out;
        console.printf("fetch cost path=\"%s\" %s first: %s%n", path, collector, text(costs.subList(0, 1)));
        console.printf(
                "fetch cost path=\"%s\" %s one file: %s%n", path, collector, text(costs.subList(1, costs.size())));
    }

    private static Cost fetch(Writer in, BufferedReader out, GitHttpServer server) throws IOException {
        long sent = server.sent();
        in.write("fetch\n");
        in.flush();
        String line = out.readLine();
        while (line != null && !line.startsWith("> ")) {
            line = out.readLine();
        }
        assertThat(line).as("the answer of the process that fetches").isNotNull();
        long[] said = Arrays.stream(line.substring(2).split(" ", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        return new Cost(server.sent() - sent, said[0], said[1], said[2], said[3]);
    }

    private static String text(List<Cost> costs) {
        return "bytes=" + median(costs.stream().map(Cost::bytes)) + " ms="
                + median(costs.stream().map(Cost::millis)) + " KiB before="
                + median(costs.stream().map(Cost::before)) + " allocated="
                + median(costs.stream().map(one -> one.after() - one.before())) + " peak="
                + median(costs.stream().map(Cost::peak));
    }

    private static long median(Stream<Long> values) {
        List<Long> sorted = values.sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Adds commits of one file each; the first of all adds every file. */
    private void load(Path repository, int commits) throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "fast-import", "--quiet", "--done")
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .start();
        try (Writer in = new BufferedWriter(new OutputStreamWriter(git.getOutputStream(), StandardCharsets.UTF_8))) {
            boolean onTop = pushed > 0;
            for (int commit = 0; commit < commits; commit++) {
                in.write("commit refs/heads/main\ncommitter Alice <alice@example.org> " + (1_700_000_000 + pushed)
                        + " +0000\ndata 4\nPush\n" + (onTop && commit == 0 ? "from refs/heads/main^0\n" : ""));
                int from = pushed == 0 ? 0 : pushed % FILES;
                for (int file = from; file < (pushed == 0 ? FILES : from + 1); file++) {
                    String text = text(file, pushed);
                    in.write("M 100644 inline " + path(file) + "\ndata " + text.length() + "\n" + text + "\n");
                }
                pushed++;
            }
            in.write("done\n");
        }
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as(said).isZero();
    }

    private static String path(int file) {
        return String.format("dir%02d/file%02d.yaml", file % 100, file / 100);
    }

    private static String text(int file, int commit) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings-%d, namespace: team-%d}
                data:
                  commit: "%d"
                  text: some text of the usual length of a small manifest in a repository of many teams
                """
                .formatted(file, file % 100, commit);
    }
}
