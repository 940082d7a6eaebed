package dev.ensembled.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.reconciler.observed.Member.HostPort;
import dev.ensembled.zookeeper.ServerProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClassArchiveTest {
    @TempDir
    Path dir;

    @Test
    void serverUsesTheClassArchiveAndOldArchivesAreRemoved() throws Exception {
        // Given an archive of an earlier build
        Path cds = Files.createDirectories(dir.resolve("cds"));
        Files.writeString(cds.resolve("0123456789.jsa"), "of an earlier build");
        ServerClassPath classPath = ServerClassPath.find();
        ClassArchive archive = new ClassArchive(cds, classPath);
        assertThat(archive.ready()).isEmpty();

        // When the archive is created
        Ports ports =
                PortBook.open(dir, new Directories(dir.resolve("servers"))).spare();
        try (ServerProbe probe = new ServerProbe(Clock.systemUTC())) {
            archive.make(ports, probe);
            assertThat(probe.ask(new HostPort(Ports.LOOPBACK, ports.client())).describe())
                    .as("the server that was started for it")
                    .isEqualTo("down");
        }

        // Then no other one is left, and a JVM with another heap loads the server's classes from it
        assertThat(cds.toFile().list())
                .containsExactly(archive.ready().orElseThrow().getFileName().toString());
        assertThat(loadedBy(new ServerCommand(classPath, archive.ready())))
                .anyMatch(line -> line.contains("server.quorum.QuorumPeerMain source: shared objects file"));
    }

    private List<String> loadedBy(ServerCommand command) throws Exception {
        ServerFiles files = new ServerFiles(dir.resolve("server"));
        Path log = dir.resolve("classes.log");
        Target target = new Target(
                "3.9.5",
                new TreeMap<>(Map.of("tickTime", "none")),
                64L << 20,
                List.of("-Xlog:class+load:file=" + log),
                "");
        // With this configuration, a server exits at once, after its first classes are loaded.
        files.configure(target, dir.resolve("none"), Ports.from(20_000));
        Process process = command.builder(files, target, "test").start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isNotZero();
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(log);
    }
}
