package dev.ensembled.cli;

import dev.ensembled.reconciler.spec.model.SafeText;
import io.quarkus.runtime.Quarkus;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the daemon until it ends. */
final class DaemonRun {
    private DaemonRun() {}

    /** Returns the exit code; a failure to start is printed to the given stream, because the log may go to a file. */
    static int untilExit(PrintWriter err) {
        AtomicInteger exit = new AtomicInteger();
        Quarkus.run(null, (code, failure) -> {
            exit.set(code);
            if (failure != null) {
                err.println("ensembled failed to start: " + SafeText.of(rootOf(failure)));
                err.flush();
            }
        });
        return exit.get();
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
