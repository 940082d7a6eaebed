package dev.ensembled.local;

import static dev.ensembled.local.LocalEnsemble.desired;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.local.process.ProcessRecord;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that is killed in its first seconds leaves no server that the next daemon does not find. */
class KilledDaemonTest {
    private static final Random RANDOM = new Random(26);

    @TempDir
    Path dir;

    /** The daemon: bootstraps an ensemble of three and maintains it, until it is killed. */
    public static final class Daemon {
        private Daemon() {}

        public static void main(String... args) throws Exception {
            LocalEnsemble ensemble = new LocalEnsemble(Path.of(args[0]));
            ensemble.accept(desired(3, 0, Map.of()).spec());
            ensemble.drive(result -> false);
        }
    }

    @Test
    void daemonRecoversFromAKillAtAnyInstant() throws Exception {
        try {
            for (int kill = 0; kill < 5; kill++) {
                Process daemon = start();
                Thread.sleep(400 + RANDOM.nextInt(1_600));
                end(daemon);
                assertThat(ProcessRecord.runningBelow(dir.resolve("servers")).count())
                        .as("servers after kill %s", kill)
                        .isLessThanOrEqualTo(3);
            }

            // A daemon that opens the directory finds every server, since it ends all of them when it is closed
            new LocalEnsemble(dir).close();
            assertThat(ProcessRecord.runningBelow(dir.resolve("servers"))).isEmpty();
        } finally {
            ProcessRecord.runningBelow(dir).forEach(ProcessHandle::destroyForcibly);
        }
    }

    private Process start() throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        Daemon.class.getName(),
                        dir.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("out").toFile());
        builder.environment().put("CLASSPATH", classPath);
        return builder.start();
    }

    private static void end(Process daemon) throws InterruptedException {
        daemon.destroyForcibly().waitFor();
    }
}
