package dev.ensembled.e2e.harness;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One roll in figures.
 *
 * @param missing acknowledged writes that a server does not have
 */
public record RollFigures(PodHistory pods, LeaderTimeline leaders, WriteTimeline writes, List<String> missing) {

    public static final List<String> HEADER = List.of(
            "| | leader changes | without a leader, longest | without any write, longest | a writer's longest stall "
                    + "| stall per writer, summed | whole roll |",
            "|---|---|---|---|---|---|---|");

    /** From the first that leaves until the last is ready. */
    public Duration whole() {
        Instant first = pods.takedowns().get(0).at();
        Instant last = pods.takedowns().stream()
                .map(takedown -> takedown.at().plus(pods.away(takedown).orElse(Duration.ZERO)))
                .max(Instant::compareTo)
                .orElse(first);
        return Duration.between(first, last);
    }

    /** A line under {@link #HEADER}. */
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
