package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.simulation.Incident.Cause;
import dev.ensembled.reconciler.simulation.Incident.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens in one run of the simulation. The same history always runs the same way; all delays of the world follow from
 * the seed, the member and the life of its pod, so that leaving out an incident disturbs the others as little as possible.
 */
record History(long seed, int voters, int observers, boolean fromNothing, List<Incident> incidents) {

    private static final Kind[] GOOD_PUSHES = {Kind.PUSH_CONFIG, Kind.PUSH_CONFIG, Kind.PUSH_IMAGE};
    private static final Kind[] PUSHES = {
        Kind.PUSH_CONFIG,
        Kind.PUSH_CONFIG,
        Kind.PUSH_IMAGE,
        Kind.PUSH_BAD_IMAGE,
        Kind.PUSH_BAD_CONFIG,
        Kind.PUSH_CRASHING,
        Kind.PUSH_SERVICE,
        Kind.PUSH_PAUSE,
        Kind.PUSH_VOTERS,
        Kind.REVERT,
        Kind.REVERT
    };
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
    private static final long LONGEST_OUTAGE = 20_000;
    private static final long LAST_PUSH = 90_000;

    History {
        incidents = incidents.stream()
                .sorted(Comparator.comparingLong(Incident::at))
                .toList();
    }

    static History of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] sizes = {3, 3, 3, 3, 3, 5, 5, 1, 2};
        int voters = sizes[random.nextInt(sizes.length)];
        int observers = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
        List<Incident> incidents = new ArrayList<>();
        int trouble = random.nextInt(4);
        if (trouble == 0) {
            incidents.add(new Incident(10_000, pick(random, GOOD_PUSHES), 0, 0));
        } else {
            add(incidents, 1 + random.nextInt(3), random, PUSHES, voters + observers);
        }
        if (trouble >= 2) {
            Kind[] outside = outside();
            add(incidents, 1 + random.nextInt(4), random, outside, voters + observers);
        }
        add(incidents, random.nextInt(5), random, CALLS, voters + observers);
        return new History(seed, voters, observers, random.nextInt(10) == 0, incidents);
    }

    private static Kind[] outside() {
        return Arrays.stream(Kind.values())
                .filter(kind -> new Incident(0, kind, 0, 0).outside())
                .toArray(Kind[]::new);
    }

    private static void add(List<Incident> incidents, int count, SplittableRandom random, Kind[] kinds, int members) {
        for (int i = 0; i < count; i++) {
            long at = 5_000 + random.nextLong(LAST_PUSH);
            Kind kind = pick(random, kinds);
            boolean rare = kind == Kind.LOSE_DATA && random.nextInt(8) > 0;
            incidents.add(new Incident(
                    at,
                    rare ? Kind.KILL_POD : kind,
                    1 + random.nextInt(members),
                    lasts(kind) ? 200 + random.nextLong(LONGEST_OUTAGE) : 0));
        }
    }

    private static boolean lasts(Kind kind) {
        return switch (kind) {
            case FREEZE,
                    UNREADABLE,
                    PARTITION,
                    RECONFIG,
                    FOREIGN_BUDGET,
                    EXHAUSTED_BUDGET,
                    EDIT_SPEC,
                    CRASH,
                    CACHE_LAG -> true;
            default -> false;
        };
    }

    private static Kind pick(SplittableRandom random, Kind[] kinds) {
        return kinds[random.nextInt(kinds.length)];
    }

    /** One good push, and nothing but the daemon and its calls in trouble: the roll has to be perfect. */
    boolean calm() {
        return !fromNothing
                && voters != 2
                && incidents.stream().noneMatch(Incident::outside)
                && incidents.stream()
                                .filter(incident -> incident.is(Cause.PUSH))
                                .count()
                        <= 1
                && incidents.stream()
                        .filter(incident -> incident.is(Cause.PUSH))
                        .allMatch(incident -> List.of(GOOD_PUSHES).contains(incident.kind()));
    }

    boolean has(Kind kind) {
        return incidents.stream().anyMatch(incident -> incident.kind() == kind);
    }

    int members() {
        return voters + observers;
    }

    /** When the last incident has ended. */
    long quietFrom() {
        return incidents.stream()
                .mapToLong(incident -> incident.at() + incident.lasting())
                .max()
                .orElse(0);
    }

    History without(Incident incident) {
        List<Incident> fewer = new ArrayList<>(incidents);
        fewer.remove(incident);
        return new History(seed, voters, observers, fromNothing, fewer);
    }

    History fromWhole() {
        return new History(seed, voters, observers, false, incidents);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(": ").append(voters).append(" voters, ");
        text.append(observers).append(" observers").append(fromNothing ? ", from nothing" : ", whole at first");
        incidents.forEach(
                incident -> text.append("%n  %7d ms  ".formatted(incident.at())).append(incident));
        return text.toString();
    }
}
