package dev.ensembled.summary;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Durations as {@code kubectl} prints them: one unit, or two while the first is small. */
public final class Age {
    private Age() {}

    /** Returns the time from then until now; a dash if there is no time. */
    public static String of(Optional<Instant> then, Instant now) {
        return then.map(time -> of(Duration.between(time, now))).orElse("-");
    }

    /** Returns a duration; a negative one counts as zero. */
    public static String of(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, "m", seconds % 60, "s", 10);
        }
        if (seconds < 2 * 86_400) {
            return two(seconds / 3600, "h", seconds / 60 % 60, "m", 8);
        }
        return two(seconds / 86_400, "d", seconds / 3600 % 24, "h", 8);
    }

    private static String two(long large, String unit, long small, String smallUnit, int below) {
        return large + unit + (large < below && small > 0 ? small + smallUnit : "");
    }
}
