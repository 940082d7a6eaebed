package dev.ensembled.reconciler.simulation.history;

import dev.ensembled.reconciler.simulation.history.EventType.Category;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The events of one run of the simulation, and the initial size of the ensemble. A run is deterministic: all delays are
 * derived from the seed, the member and the incarnation of its pod, so that removing an event changes the rest of the run
 * as little as possible.
 *
 * @param bootstraps whether the ensemble does not exist at the start; otherwise all members are healthy
 */
public record History(long seed, int voters, int observers, boolean bootstraps, List<Event> events) {
    private static final Set<EventType> ROLLS = EnumSet.of(EventType.PUSH_CONFIG, EventType.PUSH_IMAGE);

    public History {
        events = events.stream().sorted(Comparator.comparingLong(Event::at)).toList();
    }

    public static History of(long seed) {
        return new HistoryGenerator(seed).history();
    }

    /** Whether the only event, except faults of calls, is one push that needs a roll or a change of the membership. */
    public boolean isUndisturbed() {
        List<Event> others =
                events.stream().filter(event -> !event.is(Category.CALL)).toList();
        return !bootstraps
                && voters != 2
                && others.size() <= 1
                && others.stream().allMatch(this::isHarmless);
    }

    /** Whether the only event is one push that needs a roll or a change of the membership. */
    public boolean isWithoutFaults() {
        return isUndisturbed() && events.size() == 1;
    }

    private boolean isHarmless(Event event) {
        return ROLLS.contains(event.type()) || event.type() == EventType.PUSH_SCALE;
    }

    public boolean hasRoll() {
        return events.stream().anyMatch(event -> ROLLS.contains(event.type()));
    }

    public boolean has(EventType type) {
        return events.stream().anyMatch(event -> event.type() == type);
    }

    int members() {
        return voters + observers;
    }

    /** When the last event has ended. */
    public long lastEventEndsAt() {
        return events.stream()
                .mapToLong(event -> event.at() + event.duration())
                .max()
                .orElse(0);
    }

    /** The histories that are one step simpler, for shrinking. */
    public Stream<History> simpler() {
        Stream<History> smaller = Stream.of(
                        new History(seed, voters, observers, false, events),
                        new History(seed, 1, observers, bootstraps, events),
                        new History(seed, 3, observers, bootstraps, events),
                        new History(seed, voters, 0, bootstraps, events))
                .filter(other -> other.voters <= voters && !other.equals(this));
        return Stream.concat(smaller, events.stream().map(this::without));
    }

    private History without(Event event) {
        List<Event> fewer = new ArrayList<>(events);
        fewer.remove(event);
        return new History(seed, voters, observers, bootstraps, fewer);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(": ").append(voters).append(" voters, ");
        text.append(observers).append(" observers").append(bootstraps ? ", not bootstrapped" : ", all members healthy");
        events.forEach(
                event -> text.append("%n  %7d ms  ".formatted(event.at())).append(event));
        return text.toString();
    }
}
