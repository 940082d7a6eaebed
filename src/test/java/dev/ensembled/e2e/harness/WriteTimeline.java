package dev.ensembled.e2e.harness;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;

/**
 * When writes were acknowledged in a span of time, by writer; all times are of {@link System#nanoTime}.
 *
 * @param acknowledged for each writer, in order of time
 */
public record WriteTimeline(long from, long to, List<List<Long>> acknowledged) {

    /** A write takes a few milliseconds; a longer gap is a stall. */
    private static final Duration STALL = Duration.ofMillis(100);

    public WriteTimeline {
        acknowledged = acknowledged.stream().map(List::copyOf).toList();
    }

    /** The longest time in which no writer had a write acknowledged. */
    public Duration longestWithoutAnyWrite() {
        return longest(
                acknowledged.stream().flatMap(Collection::stream).sorted().toList());
    }

    /** The longest time in which a single writer had no write acknowledged. */
    public Duration longestStallOfAWriter() {
        return acknowledged.stream().map(this::longest).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** The total time for which a writer stalled, on average over the writers. */
    public Duration stallPerWriter() {
        long nanos = acknowledged.stream()
                .flatMapToLong(this::gaps)
                .filter(gap -> gap > STALL.toNanos())
                .sum();
        return Duration.ofNanos(nanos / acknowledged.size());
    }

    private Duration longest(List<Long> times) {
        return Duration.ofNanos(gaps(times).max().orElse(0));
    }

    private LongStream gaps(List<Long> times) {
        long[] all = LongStream.concat(
                        LongStream.concat(LongStream.of(from), times.stream().mapToLong(Long::longValue)),
                        LongStream.of(to))
                .toArray();
        return LongStream.range(1, all.length).map(i -> all[(int) i] - all[(int) i - 1]);
    }
}
