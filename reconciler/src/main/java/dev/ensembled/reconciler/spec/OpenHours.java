package dev.ensembled.reconciler.spec;

import dev.ensembled.reconciler.spec.RolloutSpec.Window;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * Whether the maintenance windows of a spec are open. Pure, and safe to be used by many threads.
 *
 * <p>A window opens at each time of its cron expression, on the clock of its time zone, and stays open for its duration,
 * which is measured in time that passes: it is as long where clocks are changed meanwhile. An opening that such a change
 * skips happens at the change, and one that the clock shows twice happens once. Openings that overlap join.
 */
public final class OpenHours {
    private OpenHours() {}

    /**
     * When servers may be touched again.
     *
     * @return empty if they may be touched now, since a window is open or there is none; otherwise when the next one opens
     * @throws IllegalArgumentException if a window is none that {@link SpecReader} accepts
     */
    public static Optional<Instant> closedUntil(List<Window> windows, Instant now) {
        if (windows.stream().anyMatch(window -> isOpen(window, now))) {
            return Optional.empty();
        }
        return windows.stream().map(window -> opensAfter(window, now)).min(Instant::compareTo);
    }

    /** It is open if the first opening after those that are over by now has been. */
    private static boolean isOpen(Window window, Instant now) {
        return !opensAfter(window, now.minus(window.duration())).isAfter(now);
    }

    private static Instant opensAfter(Window window, Instant time) {
        if (!ZoneId.getAvailableZoneIds().contains(window.timeZone())) {
            throw new IllegalArgumentException("no such time zone: " + window.timeZone());
        }
        return Crontab.of(window.cron()).next(ZoneId.of(window.timeZone()), time);
    }
}
