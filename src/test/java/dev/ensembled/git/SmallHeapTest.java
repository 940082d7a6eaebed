package dev.ensembled.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile repositories, read by a process with the flags of the image and a sixth of its heap, which exits when it runs
 * out of memory. The files are large in the same proportion.
 */
@Timeout(180)
class SmallHeapTest {
    private static final String HEAP = "-Xmx48m";
    private static final int LARGE = 24 * 1024 * 1024;

    @TempDir
    Path directory;

    private Path work;
    private Path bare;
    private GitHttpServer server;
    private Process child;

    @BeforeEach
    void serve() throws Exception {
        work = Files.createDirectory(directory.resolve("work"));
        bare = directory.resolve("config.git");
        GitCommand.git(directory, "init", "-q", "--bare", bare.toString());
        GitCommand.git(directory, "clone", "-q", bare.toString(), work.toString());
        Files.writeString(work.resolve("kafka.yaml"), ensemble("kafka", ""));
        server = GitHttpServer.http(directory);
    }

    @AfterEach
    void stop() {
        server.close();
        if (child != null) {
            child.destroyForcibly();
        }
    }

    @Test
    void aLineAppendedToALargeFileIsReadWithAndWithoutFilters() throws Exception {
        large("large.txt", "");
        push("First");
        start(server.url("config.git"));
        assertThat(fetch()).contains("read First files=1 ensembles=1");

        Files.writeString(work.resolve("large.txt"), "one more line\n", StandardOpenOption.APPEND);
        push("Second");
        assertThat(fetch()).contains("read Second files=1 ensembles=1");

        GitCommand.git(bare, "config", "uploadpack.allowFilter", "true");
        child.destroyForcibly().waitFor();
        start(server.url("config.git"), "elsewhere");
        assertThat(fetch()).contains("read Second files=1 ensembles=1");
    }

    @Test
    void similarLargeFilesAreRefusedWithoutFilters() throws Exception {
        large("large.txt", "");
        large("copy.txt", "one more line\n");
        push("Two");
        GitCommand.git(bare, "repack", "-q", "-a", "-d", "-f");
        start(server.url("config.git"));

        assertThat(fetch())
                .contains("exceeds a limit: resolving the deltas of the pack, whose largest object has 24 MiB")
                .contains("uploadpack.allowFilter")
                .contains("last good commit stays in force");
        int packs = server.packs();
        assertThat(fetch()).contains("exceeds a limit");
        assertThat(server.packs()).as("not transferred again").isEqualTo(packs);

        Files.delete(work.resolve("copy.txt"));
        push("Fixed");
        assertThat(fetch()).contains("read Fixed files=1 ensembles=1");
    }

    @Test
    void similarLargeFilesAreAcceptedOnDiskAndWithFilters() throws Exception {
        large("large.txt", "");
        large("copy.yaml", "one more line\n");
        push("Two");
        GitCommand.git(bare, "repack", "-q", "-a", "-d", "-f");
        GitCommand.git(bare, "config", "uploadpack.allowFilter", "true");

        start("file://" + bare);
        assertThat(fetch()).contains("read Two files=2 ensembles=1 invalid=0");
        child.destroyForcibly().waitFor();
        start(server.url("config.git"));
        assertThat(fetch()).contains("read Two files=2 ensembles=1 invalid=0");
    }

    @Test
    void veryManyBadFilesAreReportedAndAGoodOneIsAccepted() throws Exception {
        StringBuilder fields = new StringBuilder();
        for (int field = 0; field < 210; field++) {
            fields.append("  unknown").append(field).append(": 1\n");
        }
        for (int file = 0; file < 1_500; file++) {
            Files.writeString(work.resolve("bad-" + file + ".yaml"), ensemble("bad-" + file, fields.toString()));
        }
        push("Bad");
        start("file://" + bare);

        assertThat(fetch()).contains("read Bad files=1501 ensembles=1 invalid=1500");
    }

    private static String ensemble(String name, String more) {
        return "apiVersion: ensembled.dev/v1alpha1\nkind: ZooKeeperEnsemble\nmetadata: {name: " + name
                + "}\nspec:\n  version: 3.9.5\n  voters: 3\n" + more;
    }

    /** A text of this length that compresses as logs do. */
    private void large(String name, String end) throws IOException {
        Random random = new Random(1);
        StringBuilder block = new StringBuilder();
        while (block.length() < 10_000) {
            block.append(Long.toHexString(random.nextLong())).append('\n');
        }
        try (BufferedWriter out = Files.newBufferedWriter(work.resolve(name))) {
            for (int written = 0; written < LARGE; written += block.length() + 8) {
                out.write("%08d".formatted(written));
                out.write(block.toString());
            }
            out.write(end);
        }
    }

    private void push(String message) throws Exception {
        GitCommand.git(work, "-c", "core.looseCompression=1", "add", "-A");
        GitCommand.git(work, "commit", "-qm", message);
        GitCommand.git(work, "-c", "pack.compression=1", "push", "-q", "origin", "HEAD:main");
    }

    private void start(String url) throws IOException {
        start(url, "cache");
    }

    private void start(String url, String cache) throws IOException {
        child = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FetchInChild.class.getName(),
                        url,
                        "",
                        directory.resolve(cache).toString()))
                .redirectErrorStream(true)
                .start();
    }

    /** The child's answer for its next fetch; all of its output if it exited. */
    private String fetch() throws IOException {
        Writer in = new OutputStreamWriter(child.getOutputStream(), StandardCharsets.UTF_8);
        in.write("fetch\n");
        in.flush();
        BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        List<String> said = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.add(line);
            if (line.startsWith("> ")) {
                return line;
            }
        }
        return "it ended: " + said;
    }
}
