package dev.ensembled.e2e.harness;

import java.time.Duration;
import java.util.Locale;

/** The format of figures in the report. */
public final class Figures {
    private Figures() {}

    public static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
}
