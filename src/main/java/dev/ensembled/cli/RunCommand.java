package dev.ensembled.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ensembled run}: the daemon, configured by its environment; the image starts this command. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Run the daemon in a cluster, configured by ENSEMBLED_* environment variables.",
        footerHeading = "%nExample:%n",
        footer = "  @|bold ENSEMBLED_GIT_URI=https://git.example.com/config.git ensembled run|@")
public final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return DaemonRun.untilExit(spec.commandLine().getErr());
    }
}
