package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.simulation.Incident.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes a history from a seed: what happens, how often, and when. */
final class Chance {
    private static final Kind[] GOOD_PUSHES = {Kind.PUSH_CONFIG, Kind.PUSH_IMAGE, Kind.PUSH_SCALE, Kind.PUSH_SCALE};
    private static final Kind[] PUSHES = {
        Kind.PUSH_CONFIG,
        Kind.PUSH_CONFIG,
        Kind.PUSH_IMAGE,
        Kind.PUSH_BAD_IMAGE,
        Kind.PUSH_BAD_CONFIG,
        Kind.PUSH_CRASHING,
        Kind.PUSH_REFUSING,
        Kind.PUSH_ENFORCING,
        Kind.PUSH_SERVICE,
        Kind.PUSH_PAUSE,
        Kind.PUSH_WINDOWS,
        Kind.PUSH_APPROVAL,
        Kind.PUSH_HAND_OFF,
        Kind.PUSH_STORAGE,
        Kind.PUSH_LYING_IMAGE,
        Kind.PUSH_VERSION,
        Kind.PUSH_VERSION,
        Kind.PUSH_SCALE,
        Kind.PUSH_SCALE,
        Kind.PUSH_SCALE,
        Kind.PUSH_SCALE,
        Kind.REVERT,
        Kind.REVERT,
        Kind.REVERT
    };
    private static final Kind[] OUTSIDE = {
        Kind.KILL_POD,
        Kind.KILL_POD,
        Kind.CRASH,
        Kind.CRASH,
        Kind.FREEZE,
        Kind.UNREADABLE,
        Kind.UNREADABLE,
        Kind.PARTITION,
        Kind.DENY,
        Kind.DENY_TO_ALL,
        Kind.DENY_TO_ALL,
        Kind.CONTRADICT,
        Kind.STALE_ROLE,
        Kind.FAIL_PROBE,
        Kind.RECONFIG,
        Kind.RECONFIG,
        Kind.LOSE_DISK,
        Kind.LOSE_DISK,
        Kind.SWAP_DISK,
        Kind.SPOIL_DISK,
        Kind.NODE_DOWN,
        Kind.NODE_DOWN,
        Kind.DRAIN,
        Kind.DRAIN,
        Kind.DELETE_PODS,
        Kind.LOSE_STATUS,
        Kind.REMAKE,
        Kind.MUTE_LEADER,
        Kind.MUTE_LEADER,
        Kind.FOREIGN_BUDGET,
        Kind.EXHAUSTED_BUDGET,
        Kind.DRIFT_SERVICE,
        Kind.DRIFT_TEMPLATE,
        Kind.DELETE_BUDGET,
        Kind.EDIT_SPEC
    };
    /** After which little else can be learned. */
    private static final Kind[] RARE = {Kind.NODE_LOST, Kind.LOSE_DISKS, Kind.LOSE_DATA};

    /** What matters only at one moment, and waits for it. */
    private static final Kind[] RIGHT_THEN = {Kind.CUT_OFF_LEARNER};

    private static final Kind[] PASSWORDS = {Kind.PUSH_ROTATION, Kind.LOSE_SECRET, Kind.LOSE_SECRET};

    private static final Kind[] GROWTH = {Kind.MUCH_DATA};

    private static final Kind[] FULL = {Kind.FULL_STORAGE};

    private static final Kind[] PUSHES_OF_SIZES = {Kind.PUSH_STORAGE, Kind.REVERT};

    /** One that is cut off hides for a moment that the leader counts another one, which denies that it serves. */
    private static final Kind[] DENIALS = {Kind.DENY_TO_ALL};

    private static final Kind[] CUTS = {Kind.PARTITION};

    private static final Kind[] CALLS = {
        Kind.CACHE_LAG,
        Kind.KILL_BEFORE,
        Kind.KILL_AFTER,
        Kind.KILL_AFTER_ACT,
        Kind.RETRY_BEFORE,
        Kind.RETRY_AFTER,
        Kind.RETRY_AFTER_ACT,
        Kind.CONFLICT
    };
    private static final Kind[] REQUESTS = {Kind.APPROVE, Kind.RECONCILE_NOW, Kind.ACCEPT_LOSS};
    private static final int[] SIZES = {3, 3, 3, 3, 3, 5, 5, 7, 1, 1, 2};
    private static final long LONGEST_OUTAGE = 20_000;
    private static final long LAST_PUSH = 90_000;
    private static final long EARLY = 5_000;

    private final long seed;
    private final SplittableRandom random;
    private final List<Incident> incidents = new ArrayList<>();

    Chance(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    History history() {
        int voters = SIZES[random.nextInt(SIZES.length)];
        int observers = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        boolean fromNothing = random.nextInt(6) == 0;
        int trouble = random.nextInt(4);
        if (trouble == 0) {
            add(1, GOOD_PUSHES, EARLY);
        } else {
            add(1 + random.nextInt(3), PUSHES, LAST_PUSH);
        }
        if (trouble >= 2) {
            add(1 + random.nextInt(4), OUTSIDE, LAST_PUSH);
            add(random.nextInt(12) == 0 ? 1 : 0, RARE, LAST_PUSH);
            add(random.nextInt(4) == 0 ? 2 : 0, REQUESTS, LAST_PUSH);
        }
        add(random.nextInt(5), CALLS, LAST_PUSH);
        add(trouble >= 2 && random.nextInt(4) == 0 ? 1 : 0, RIGHT_THEN, EARLY);
        add(trouble >= 1 && random.nextInt(6) == 0 ? 1 : 0, PASSWORDS, LAST_PUSH);
        add(trouble >= 1 && random.nextInt(10) == 0 ? 1 : 0, GROWTH, EARLY);
        if (trouble >= 1 && random.nextInt(12) == 0) {
            add(1, FULL, EARLY);
            add(2 + random.nextInt(2), PUSHES_OF_SIZES, LAST_PUSH);
        }
        if (trouble >= 2 && random.nextInt(12) == 0) {
            add(1, DENIALS, LAST_PUSH);
            add(2, CUTS, LAST_PUSH);
        }
        return new History(seed, voters, observers, fromNothing, incidents);
    }

    private void add(int count, Kind[] kinds, long until) {
        for (int i = 0; i < count; i++) {
            Kind kind = kinds[random.nextInt(kinds.length)];
            incidents.add(new Incident(
                    until == LAST_PUSH ? earliest() + random.nextLong(until) : 10_000,
                    kind,
                    1 + random.nextInt(Incident.CHOICES),
                    lasts(kind) ? 200 + random.nextLong(LONGEST_OUTAGE) : 0));
        }
    }

    /** Now and then in the middle of the founding. */
    private long earliest() {
        return random.nextInt(4) == 0 ? 0 : 5_000;
    }

    private static boolean lasts(Kind kind) {
        return switch (kind) {
            case FREEZE,
                    UNREADABLE,
                    PARTITION,
                    DENY,
                    CONTRADICT,
                    STALE_ROLE,
                    FAIL_PROBE,
                    RECONFIG,
                    NODE_DOWN,
                    DRAIN,
                    LOSE_STATUS,
                    REMAKE,
                    FOREIGN_BUDGET,
                    EXHAUSTED_BUDGET,
                    EDIT_SPEC,
                    CRASH,
                    CUT_OFF_LEARNER,
                    CACHE_LAG -> true;
            default -> false;
        };
    }
}
