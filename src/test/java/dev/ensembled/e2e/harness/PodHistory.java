package dev.ensembled.e2e.harness;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What happened to the pods of one StatefulSet.
 *
 * @param before the last known event of each pod at the start, by name
 */
public record PodHistory(Map<String, PodEvent> before, List<PodEvent> events) {
    public PodHistory {
        before = Map.copyOf(before);
        events = List.copyOf(events);
    }

    /**
     * A pod that was asked to leave, or left.
     *
     * @param othersDown the pods that were not up at that time
     */
    public record Takedown(Instant at, String pod, String uid, boolean evicted, Set<String> othersDown) {}

    /** The takedowns, in order. */
    public List<Takedown> takedowns() {
        Map<String, PodEvent> state = new HashMap<>(before);
        Set<String> leaving = new HashSet<>();
        before.values().stream().filter(PodEvent::leaves).forEach(e -> leaving.add(e.uid()));
        List<Takedown> takedowns = new ArrayList<>();
        for (PodEvent event : events) {
            if (event.leaves() && leaving.add(event.uid())) {
                takedowns.add(new Takedown(event.at(), event.pod(), event.uid(), event.evicted(), down(state, event)));
            }
            state.put(event.pod(), event);
        }
        return takedowns;
    }

    private static Set<String> down(Map<String, PodEvent> state, PodEvent but) {
        Set<String> down = new TreeSet<>();
        state.forEach((pod, event) -> {
            if (!event.up() && !pod.equals(but.pod())) {
                down.add(pod);
            }
        });
        return down;
    }

    /** The names of the pods that left, in order. */
    public List<String> order() {
        return takedowns().stream().map(Takedown::pod).toList();
    }

    /**
     * The largest number of pods that were away at the same time: from when they are asked to leave, or leave, until a
     * pod of that name is up. A pod that only loses its readiness is not away: the kubelet's probes also fail while the
     * whole machine stands still.
     */
    public int mostAwayAtOnce() {
        Set<String> away = new HashSet<>();
        before.values().stream().filter(PodEvent::leaves).forEach(e -> away.add(e.pod()));
        int most = away.size();
        for (PodEvent event : events) {
            if (event.leaves()) {
                away.add(event.pod());
            } else if (event.up()) {
                away.remove(event.pod());
            }
            most = Math.max(most, away.size());
        }
        return most;
    }

    /** The names of pods that were, at some time, not up. */
    public Set<String> everDown() {
        Set<String> down = new TreeSet<>();
        before.values().stream().filter(e -> !e.up()).forEach(e -> down.add(e.pod()));
        events.stream().filter(e -> !e.up()).forEach(e -> down.add(e.pod()));
        return down;
    }

    /** When another pod of the same name was first up. */
    public Optional<Instant> back(Takedown takedown) {
        return first(takedown, PodEvent::up).map(PodEvent::at);
    }

    /** The time from the request to leave until another pod of the same name was ready. */
    public Optional<Duration> away(Takedown takedown) {
        return first(takedown, event -> event.up()).map(back -> Duration.between(takedown.at(), back.at()));
    }

    /** The phases of the time away, in words. */
    public String parts(Takedown takedown) {
        return "%s: gone after %s, new pod %s, address %s, ready %s"
                .formatted(
                        takedown.pod(),
                        seconds(
                                takedown,
                                events.stream()
                                        .filter(e -> e.uid().equals(takedown.uid()) && e.gone())
                                        .findFirst()),
                        seconds(takedown, first(takedown, e -> true)),
                        seconds(takedown, first(takedown, e -> !e.address().isEmpty())),
                        seconds(takedown, first(takedown, PodEvent::up)));
    }

    private Optional<PodEvent> first(Takedown takedown, java.util.function.Predicate<PodEvent> what) {
        return events.stream()
                .filter(e -> e.pod().equals(takedown.pod()) && !e.uid().equals(takedown.uid()))
                .filter(e -> !e.at().isBefore(takedown.at()) && what.test(e))
                .findFirst();
    }

    private static String seconds(Takedown takedown, Optional<PodEvent> event) {
        return event.map(e -> Figures.seconds(Duration.between(takedown.at(), e.at())))
                .orElse("never");
    }
}
