package dev.ensembled.reconciler;

import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;

/** One row of the decision table of a start, {@code start-decisions.csv}, which explains its columns. */
public record StartDecision(
        String disk,
        Optional<StartPermit> permit,
        Used used,
        Outcome outcome,
        Disk reports,
        int exit,
        boolean modelled) {
    public static final String FILE = "/start-decisions.csv";

    /** The exit code of the servers in tests, by which a start is recognized, since the script passes it on. */
    public static final int STARTED = 7;

    /** Whether a server has started in this pod before, and with which data. */
    public enum Used {
        NO,
        OWN,
        PERMIT
    }

    /** The result of a start. */
    public enum Outcome {
        OWN,
        BOOTSTRAPS,
        JOINS,
        CONTINUES,
        WAITS
    }

    public static StartDecision of(ArgumentsAccessor row) {
        return new StartDecision(
                row.getString(0),
                permit(row.getString(1)),
                Used.valueOf(upper(row.getString(2))),
                Outcome.valueOf(upper(row.getString(3))),
                Disk.valueOf(row.getString(4)),
                row.getString(5).equals("-") ? STARTED : row.getInteger(5),
                row.getString(7).equals("same"));
    }

    private static Optional<StartPermit> permit(String word) {
        return switch (word) {
            case "none" -> Optional.empty();
            case "bootstrap" -> Optional.of(StartPermit.BOOTSTRAP);
            case "join" -> Optional.of(StartPermit.JOIN);
            default -> throw new IllegalArgumentException("no permit: " + word);
        };
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }
}
