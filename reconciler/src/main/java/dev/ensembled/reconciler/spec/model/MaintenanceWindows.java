package dev.ensembled.reconciler.spec.model;

import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import dev.ensembled.reconciler.spec.read.SpecReader;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether the maintenance windows of a spec are open. Pure and thread-safe.
 *
 * <p>A window opens at each time of its cron expression, in the local time of its time zone, and stays open for its
 * duration, which is elapsed time: clock changes meanwhile do not change it. An opening that a clock change skips
 * happens at the change, and an opening that the clock shows twice happens once. Overlapping openings join.
 */
public final class MaintenanceWindows {
    private MaintenanceWindows() {}

    /**
     * When the maintenance windows permit restarts of healthy members and changes of the membership again.
     *
     * @return empty if they are permitted now, because a window is open or none is defined; otherwise when the next
     *     window opens
     * @throws IllegalArgumentException if a window is invalid, that is, {@link SpecReader} does not accept it
     */
    public static Optional<Instant> closedUntil(List<Window> windows, Instant now) {
        if (windows.stream().anyMatch(window -> isOpen(window, now))) {
            return Optional.empty();
        }
        return windows.stream().map(window -> opensAfter(window, now)).min(Instant::compareTo);
    }

    /**
     * A window is open if it has opened within the last duration: the first opening after that time is not in the
     * future.
     */
    private static boolean isOpen(Window window, Instant now) {
        return !opensAfter(window, now.minus(window.duration())).isAfter(now);
    }

    private static Instant opensAfter(Window window, Instant time) {
        if (!ZoneId.getAvailableZoneIds().contains(window.timeZone())) {
            throw new IllegalArgumentException("unknown time zone: " + window.timeZone());
        }
        return CronSchedule.of(window.cron()).next(ZoneId.of(window.timeZone()), time);
    }
}
