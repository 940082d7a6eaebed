package dev.ensembled.kubernetes.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Detects that another manager keeps reverting our repairs. An object that was repaired three times within ten minutes is
 * left alone for ten minutes and then repaired again; each time that does not help, it is left alone for twice as long, up
 * to four hours. The conflict is forgotten once the object has stayed repaired for as long as it was left alone. Kept in
 * memory only: after a restart, the daemon may try again. Thread-safe.
 */
public final class DriftConflict {
    public static final int REPAIRS = 3;
    public static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofHours(4);

    private final Clock clock;
    private final Map<String, History> histories = new HashMap<>();

    public DriftConflict(Clock clock) {
        this.clock = clock;
    }

    private static final class History {
        private final Deque<Instant> repairs = new ArrayDeque<>();
        private Duration pause = Duration.ZERO;
        private Instant until = Instant.MIN;
    }

    /** Records that an object was repaired. */
    public synchronized void repaired(String object) {
        Instant now = clock.instant();
        History history = histories.computeIfAbsent(object, key -> new History());
        boolean onTrial = !history.pause.isZero() && now.isBefore(history.until.plus(history.pause));
        if (!onTrial) {
            history.pause = Duration.ZERO;
        }
        history.repairs.addLast(now);
        history.repairs.removeIf(repair -> repair.isBefore(now.minus(WINDOW)));
        // The repair at the end of a pause is a trial: the next repair shows that the trial failed.
        if (history.repairs.size() >= (onTrial ? 2 : REPAIRS)) {
            history.pause = history.pause.isZero() ? WINDOW : shorter(history.pause.multipliedBy(2), LONGEST);
            history.until = now.plus(history.pause);
            history.repairs.clear();
        }
    }

    /** Whether an object must be left alone for now. */
    synchronized boolean isInConflict(String object) {
        History history = histories.get(object);
        return history != null && clock.instant().isBefore(history.until);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
