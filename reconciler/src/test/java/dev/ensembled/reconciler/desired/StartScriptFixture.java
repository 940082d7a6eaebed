package dev.ensembled.reconciler.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real script in a real bash; only zkServer.sh is replaced, by a script that the test defines. */
@Timeout(30)
abstract class StartScriptFixture {
    @TempDir
    Path directory;

    static final String ENSEMBLE = "streaming/kafka";

    Process process;
    int waitSeconds;

    @BeforeEach
    void provide() throws IOException {
        for (String folder : List.of("bin", "config", "data", "datalog", "conf", "logs", "start-permit", "super")) {
            Files.createDirectory(directory.resolve(folder));
        }
        write("config/zoo.cfg", "dataDir=/data\n");
        write("config/logback.xml", "<configuration/>\n");
        // As the kubelet writes it for a pod without that annotation.
        write("start-permit/start-permit", "");
        for (String script : List.of("start.sh", "start-disk.sh", "start-server.sh")) {
            try (InputStream content = StartScriptFixture.class.getResourceAsStream(script)) {
                Files.copy(content, directory.resolve("config").resolve(script));
            }
        }
        server("exit 7");
    }

    @AfterEach
    void clear() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    void server(String body) throws IOException {
        Path script = directory.resolve("bin/zkServer.sh");
        Files.writeString(script, "#!/bin/bash\necho \"$@\" > " + at("arguments") + "\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void permit(String... lines) throws IOException {
        write("start-permit/start-permit.new", String.join("\n", lines) + "\n");
        Files.move(
                directory.resolve("start-permit/start-permit.new"),
                directory.resolve("start-permit/start-permit"),
                StandardCopyOption.ATOMIC_MOVE);
    }

    /** A database whose snapshot has this content. */
    void haveData(String snapshot) throws IOException {
        for (String folder : List.of("data/ensembled", "data/version-2", "datalog/version-2")) {
            Files.createDirectories(directory.resolve(folder));
        }
        write("data/version-2/snapshot.0", snapshot);
    }

    int run(String host) throws Exception {
        start(host);
        return end();
    }

    int end() throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    void start(String host) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", at("config/start.sh"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        Map<String, String> environment = builder.environment();
        environment.put("PATH", at("bin") + ":" + System.getenv("PATH"));
        environment.put("HOSTNAME", host);
        environment.put("ENSEMBLED_ENSEMBLE", ENSEMBLE);
        environment.put("ENSEMBLED_WAIT_SECONDS", String.valueOf(waitSeconds));
        environment.put("ENSEMBLED_TELL_SECONDS", "0.1");
        environment.put("ENSEMBLED_LAST_WORDS", at("last-words"));
        for (String folder : List.of("config", "data", "datalog", "conf", "logs", "start-permit", "super")) {
            environment.put("ENSEMBLED_" + folder.replace('-', '_').toUpperCase(Locale.ROOT), at(folder));
        }
        process = builder.start();
    }

    void awaitText(String file, String text) throws Exception {
        await(directory.resolve(file));
        Instant deadline = Instant.now().plusSeconds(60);
        while (!read(file).contains(text)) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(10);
        }
    }

    static void await(Path file) throws Exception {
        Instant deadline = Instant.now().plusSeconds(60);
        while (!Files.exists(file) || Files.size(file) == 0) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(10);
        }
    }

    String at(String path) {
        return directory.resolve(path).toString();
    }

    void write(String path, String text) throws IOException {
        Files.writeString(directory.resolve(path), text);
    }

    String read(String path) throws IOException {
        return Files.readString(directory.resolve(path));
    }
}
