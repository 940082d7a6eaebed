package dev.ensembled.e2e.harness;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Which servers reported that they lead, in order of time. */
public record LeaderTimeline(List<Sighting> sightings) {
    public LeaderTimeline {
        sightings = List.copyOf(sightings);
    }

    /** A report of a server that it leads, in this epoch. */
    public record Sighting(long nanos, String pod, long epoch) {}

    /**
     * Counts epochs: each epoch has one leader, and each new leader has a new epoch, so that a leader's return counts
     * too.
     */
    public int leaderChanges() {
        return (int) sightings.stream().mapToLong(Sighting::epoch).distinct().count() - 1;
    }

    /** The longest time in which no server reported that it leads. */
    public Duration longestWithoutLeader() {
        return Duration.ofNanos(IntStream.range(1, sightings.size())
                .mapToLong(i -> sightings.get(i).nanos() - sightings.get(i - 1).nanos())
                .max()
                .orElse(0));
    }
}
