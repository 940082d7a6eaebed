package dev.ensembled.cli;

import dev.ensembled.daemon.LocalDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ensembled local}: the daemon, a Git repository and real ZooKeeper servers on this machine. */
@Command(
        name = "local",
        mixinStandardHelpOptions = true,
        description = {
            "Run ensembles as processes on this machine, from a Git repository created from the sample.",
            "Ctrl-C stops all processes; the data is kept for the next start."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  @|bold ensembled local|@", "  @|bold ensembled local --dir /tmp/ensembles --port 9090|@"})
public final class LocalCommand implements Callable<Integer> {
    private static final int PORTS_TO_TRY = 100;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = ".ensembled",
            description = "Directory of the repository, the data and the logs (default: ${DEFAULT-VALUE}).")
    private Path dir;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port of the status page and the health endpoints; if it is in use, the next free port"
                    + " (default: ${DEFAULT-VALUE}).")
    private int port;

    @Override
    public Integer call() throws IOException {
        try {
            LocalDirectory directory = LocalDirectory.prepare(dir, sample());
            directory.settings(freePort()).forEach(System::setProperty);
            return DaemonRun.untilExit(spec.commandLine().getErr());
        } catch (LocalDirectory.UnusableException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** The launcher sets the directory of the project. */
    private static Path sample() {
        return Path.of(System.getProperty("ensembled.home", ".")).resolve("config-repo-sample");
    }

    private int freePort() {
        return IntStream.range(port, port + PORTS_TO_TRY)
                .filter(LocalCommand::isFree)
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "no free port from " + port + " to " + (port + PORTS_TO_TRY - 1)
                                + ": choose another with --port"));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false; // another process uses it
        }
    }
}
