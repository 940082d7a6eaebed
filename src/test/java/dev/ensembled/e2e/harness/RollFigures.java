package dev.ensembled.e2e.harness;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The figures of one roll.
 *
 * @param missing acknowledged writes that a server does not have
 */
public record RollFigures(PodHistory pods, LeaderTimeline leaders, WriteTimeline writes, List<String> missing) {

    public static final List<String> HEADER = List.of(
            "| | leader changes | without a leader, longest | without any write, longest | a writer's longest stall "
                    + "| stall per writer, summed | whole roll |",
            "|---|---|---|---|---|---|---|");

    /** The time from the first pod that leaves until the last one is ready. */
    public Duration whole() {
        Instant first = pods.takedowns().get(0).at();
        Instant last = pods.takedowns().stream()
                .map(takedown -> takedown.at().plus(pods.away(takedown).orElse(Duration.ZERO)))
                .max(Instant::compareTo)
                .orElse(first);
        return Duration.between(first, last);
    }

    /** A row under {@link #HEADER}. */
    public String row(String title) {
        return "| %s | %d | %s | %s | %s | %s | %s |"
                .formatted(
                        title,
                        leaders.leaderChanges(),
                        Figures.seconds(leaders.longestWithoutLeader()),
                        Figures.seconds(writes.longestWithoutAnyWrite()),
                        Figures.seconds(writes.longestStallOfAWriter()),
                        Figures.seconds(writes.stallPerWriter()),
                        Figures.seconds(whole()));
    }
}
