package dev.ensembled.reconciler.simulation;

import dev.ensembled.reconciler.simulation.history.History;
import dev.ensembled.reconciler.simulation.mutation.Mutation;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Runs the histories of consecutive seeds, on all processors. */
final class HistoryRunner {
    private final Mutation mutation;
    private final LongAdder cycles = new LongAdder();

    HistoryRunner(Mutation mutation) {
        this.mutation = mutation;
    }

    /** The failing history with the lowest seed; empty if every invariant holds in every history. */
    Optional<History> firstFailing(long firstSeed, long count) {
        return failing(firstSeed, count).findFirst();
    }

    /** Any failing history; faster than the first. */
    Optional<History> anyFailing(long firstSeed, long count) {
        return failing(firstSeed, count).findAny();
    }

    private Stream<History> failing(long firstSeed, long count) {
        return LongStream.range(firstSeed, firstSeed + count)
                .parallel()
                .mapToObj(History::of)
                .filter(this::fails);
    }

    private boolean fails(History history) {
        Simulation.Verdict verdict = Simulation.run(history, mutation);
        cycles.add(verdict.cycles());
        return verdict.violation().isPresent();
    }

    /** The number of reconcile cycles in all histories so far. */
    long cycles() {
        return cycles.sum();
    }
}
