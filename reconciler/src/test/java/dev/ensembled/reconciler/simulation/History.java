package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.simulation.Incident.Cause;
import dev.ensembled.reconciler.simulation.Incident.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What happens in one run of the simulation. The same history always runs the same way; all delays of the world follow from
 * the seed, the member and the life of its pod, so that leaving out an incident disturbs the others as little as possible.
 */
record History(long seed, int voters, int observers, boolean fromNothing, List<Incident> incidents) {
    private static final Set<Kind> ROLLS = EnumSet.of(Kind.PUSH_CONFIG, Kind.PUSH_IMAGE);

    History {
        incidents = incidents.stream()
                .sorted(Comparator.comparingLong(Incident::at))
                .toList();
    }

    static History of(long seed) {
        return new Chance(seed).history();
    }

    /** One push of a change that only rolls, or only scales, and nothing but the daemon and its calls in trouble. */
    boolean calm() {
        List<Incident> others =
                incidents.stream().filter(incident -> !incident.is(Cause.CALL)).toList();
        return !fromNothing
                && voters != 2
                && others.size() <= 1
                && others.stream().allMatch(this::isGood);
    }

    private boolean isGood(Incident incident) {
        return ROLLS.contains(incident.kind()) || incident.kind() == Kind.PUSH_SCALE;
    }

    boolean rolls() {
        return incidents.stream().anyMatch(incident -> ROLLS.contains(incident.kind()));
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

    /** Each shorter by one thing, the shortest first. */
    Stream<History> shorter() {
        Stream<History> smaller = Stream.of(
                        new History(seed, voters, observers, false, incidents),
                        new History(seed, 1, observers, fromNothing, incidents),
                        new History(seed, 3, observers, fromNothing, incidents),
                        new History(seed, voters, 0, fromNothing, incidents))
                .filter(other -> other.voters <= voters && !other.equals(this));
        return Stream.concat(smaller, incidents.stream().map(this::without));
    }

    private History without(Incident incident) {
        List<Incident> fewer = new ArrayList<>(incidents);
        fewer.remove(incident);
        return new History(seed, voters, observers, fromNothing, fewer);
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
