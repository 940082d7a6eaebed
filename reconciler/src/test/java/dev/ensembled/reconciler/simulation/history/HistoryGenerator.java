package dev.ensembled.reconciler.simulation.history;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Generates a history from a seed. New draws go to the end of {@link #history}, so that existing seeds keep their other
 * events.
 */
final class HistoryGenerator {
    private static final int[] SIZES = {3, 3, 3, 3, 3, 5, 5, 7, 1, 1, 2};
    private static final long LONGEST_OUTAGE = 20_000;
    private static final long LAST_PUSH = 90_000;
    private static final long EARLY = 5_000;

    private final long seed;
    private final SplittableRandom random;
    private final List<Event> events = new ArrayList<>();

    HistoryGenerator(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    History history() {
        int voters = SIZES[random.nextInt(SIZES.length)];
        int observers = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        boolean bootstraps = random.nextInt(6) == 0;
        int severity = random.nextInt(4);
        boolean arbitraryPushes = severity >= 1;
        boolean faults = severity >= 2;
        if (arbitraryPushes) {
            add(1 + random.nextInt(3), EventPools.PUSHES, LAST_PUSH);
        } else {
            add(1, EventPools.GOOD_PUSHES, EARLY);
        }
        if (faults) {
            add(1 + random.nextInt(4), EventPools.FAULTS, LAST_PUSH);
            add(oneIn(12) ? 1 : 0, EventPools.RARE_FAULTS, LAST_PUSH);
            add(oneIn(4) ? 2 : 0, EventPools.REQUESTS, LAST_PUSH);
        }
        add(random.nextInt(5), EventPools.CALL_FAULTS, LAST_PUSH);
        add(faults && oneIn(4) ? 1 : 0, EventPools.ARMED_FAULTS, EARLY);
        add(arbitraryPushes && oneIn(6) ? 1 : 0, EventPools.PASSWORD_EVENTS, LAST_PUSH);
        add(arbitraryPushes && oneIn(10) ? 1 : 0, EventPools.DATA_GROWTH, EARLY);
        if (arbitraryPushes && oneIn(12)) {
            add(1, EventPools.STORAGE_FAILURE, EARLY);
            add(2 + random.nextInt(2), EventPools.STORAGE_PUSHES, LAST_PUSH);
        }
        if (faults && oneIn(12)) {
            add(1, EventPools.LASTING_MISREPORTS, LAST_PUSH);
            add(2, EventPools.PARTITIONS, LAST_PUSH);
        }
        if (faults && oneIn(6)) {
            add(1, EventPools.ROLE_FAULTS, EARLY);
            add(1, EventPools.SCALE_PUSHES, LAST_PUSH);
        }
        if (arbitraryPushes && oneIn(8)) {
            add(1 + random.nextInt(2), EventPools.FILE_CHANGES, LAST_PUSH);
            add(random.nextInt(2), EventPools.FILE_REPAIRS, LAST_PUSH);
        }
        return new History(seed, voters, observers, bootstraps, events);
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    private void add(int count, EventType[] types, long until) {
        for (int i = 0; i < count; i++) {
            EventType type = types[random.nextInt(types.length)];
            events.add(new Event(
                    until == LAST_PUSH ? earliest() + random.nextLong(until) : 10_000,
                    type,
                    1 + random.nextInt(Event.CHOICES),
                    EventPools.LASTING.contains(type) ? 200 + random.nextLong(LONGEST_OUTAGE) : 0));
        }
    }

    /** One in four events may occur during the bootstrap. */
    private long earliest() {
        return oneIn(4) ? 0 : 5_000;
    }
}
