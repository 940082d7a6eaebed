package dev.ensembled.reconciler.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real script in a real bash; only zkServer.sh is another one, which does what the test says. */
@Timeout(30)
class StartScriptTest {
    @TempDir
    Path directory;

    private Process process;

    @BeforeEach
    void provide() throws IOException {
        for (String folder : new String[] {"bin", "config", "data", "conf"}) {
            Files.createDirectory(directory.resolve(folder));
        }
        write("config/zoo.cfg", "dataDir=/data\n");
        write("config/zoo.cfg.dynamic", "server.1=initial\n");
        write("config/logback.xml", "<configuration/>\n");
        try (InputStream script = getClass().getResourceAsStream("start.sh")) {
            Files.copy(script, directory.resolve("start.sh"));
        }
        server("exit 7");
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void aNewServerTakesItsIdFromItsOrdinalAndTheInitialMembership() throws Exception {
        assertThat(run("kafka-2")).isEqualTo(7);

        assertThat(read("data/myid")).isEqualTo("3\n");
        assertThat(read("data/ensembled/zoo.cfg"))
                .isEqualTo("dataDir=/data\ndynamicConfigFile=" + at("data/ensembled/zoo.cfg.dynamic") + "\n");
        assertThat(read("data/ensembled/zoo.cfg.dynamic")).isEqualTo("server.1=initial\n");
        assertThat(read("conf/logback.xml")).isEqualTo("<configuration/>\n");
        assertThat(read("arguments")).isEqualTo("start-foreground " + at("data/ensembled/zoo.cfg") + "\n");
    }

    @Test
    void aServerDoesNotStartOnTheDataOfAnother() throws Exception {
        write("data/myid", "1\n");

        assertThat(run("kafka-2")).isEqualTo(1);

        assertThat(read("output")).contains("belongs to server '1'", "kafka-2 is server 3", "refusing to start");
        assertThat(directory.resolve("arguments")).doesNotExist();
        assertThat(read("data/myid")).isEqualTo("1\n");
    }

    @Test
    void aHostWithoutOrdinalIsNoServer() throws Exception {
        assertThat(run("kafka")).isEqualTo(1);

        assertThat(read("output")).contains("does not end in an ordinal");
    }

    @Test
    void aMembershipThatWasCommittedOutlivesTheInitialOne() throws Exception {
        run("kafka-0");
        write("data/ensembled/zoo.cfg.dynamic.9ffffffff", "older\n");
        write("data/ensembled/zoo.cfg.dynamic.100000000a", "newest\n");
        write("data/ensembled/zoo.cfg.dynamic.next", "not committed\n");
        write("config/zoo.cfg", "dataDir=/data\ntickTime=1\n");

        run("kafka-0");

        assertThat(read("data/ensembled/zoo.cfg"))
                .isEqualTo("dataDir=/data\ntickTime=1\ndynamicConfigFile="
                        + at("data/ensembled/zoo.cfg.dynamic.100000000a") + "\n");
        assertThat(read("data/ensembled/zoo.cfg.dynamic.100000000a")).isEqualTo("newest\n");
    }

    @Test
    void aStopKillsTheServerAtOnceEvenIfItIgnoresTheSignal() throws Exception {
        server("trap '' TERM; echo $$ > " + at("pid") + "; while :; do sleep 0.1; done");
        start("kafka-0");
        await(directory.resolve("pid"));
        long server = Long.parseLong(read("pid").strip());

        long before = System.nanoTime();
        process.destroy();

        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        assertThat(process.exitValue()).isEqualTo(137);
        assertThat(ProcessHandle.of(server).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void aServerThatIsKilledFromOutsideEndsThePod() throws Exception {
        server("kill -KILL $$");

        assertThat(run("kafka-0")).isEqualTo(137);
    }

    private void server(String body) throws IOException {
        Path script = directory.resolve("bin/zkServer.sh");
        Files.writeString(script, "#!/bin/bash\necho \"$@\" > " + at("arguments") + "\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private int run(String host) throws Exception {
        start(host);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private void start(String host) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", at("start.sh"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("PATH", at("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("HOSTNAME", host);
        builder.environment().put("ENSEMBLED_CONFIG", at("config"));
        builder.environment().put("ENSEMBLED_DATA", at("data"));
        builder.environment().put("ENSEMBLED_CONF", at("conf"));
        process = builder.start();
    }

    private static void await(Path file) throws Exception {
        while (!Files.exists(file) || Files.size(file) == 0) {
            Thread.sleep(10);
        }
    }

    private String at(String path) {
        return directory.resolve(path).toString();
    }

    private void write(String path, String text) throws IOException {
        Files.writeString(directory.resolve(path), text);
    }

    private String read(String path) throws IOException {
        return Files.readString(directory.resolve(path));
    }
}
