package dev.ensembled.cli;

import dev.ensembled.reconciler.spec.OneLine;
import io.quarkus.runtime.Quarkus;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the daemon to its end. */
final class DaemonRun {
    private DaemonRun() {}

    /** The exit code; why it could not start is said on the given stream, since its log may be in a file. */
    static int toTheEnd(PrintWriter err) {
        AtomicInteger exit = new AtomicInteger();
        Quarkus.run(null, (code, failure) -> {
            exit.set(code);
            if (failure != null) {
                err.println("ensembled cannot start: " + OneLine.of(rootOf(failure)));
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
