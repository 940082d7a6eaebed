package dev.ensembled.cli;

import io.quarkus.runtime.Quarkus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ensembled run}: the daemon, configured by its environment; what the image starts. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Run the daemon in a cluster. It is configured by ENSEMBLED_* environment variables.")
public final class RunCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        Quarkus.run();
        return 0;
    }
}
