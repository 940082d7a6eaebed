package dev.ensembled.reconciler.simulation;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/** Runs many histories, on all processors. */
final class Histories {
    private final Mutation mutation;
    private final LongAdder cycles = new LongAdder();

    Histories(Mutation mutation) {
        this.mutation = mutation;
    }

    /** The first history, by seed, in which a property does not hold; empty if all hold. */
    Optional<History> firstFailing(long from, long count) {
        return LongStream.range(from, from + count)
                .parallel()
                .mapToObj(History::of)
                .filter(this::fails)
                .findFirst();
    }

    /** Any history in which a property does not hold. */
    Optional<History> anyFailing(long from, long count) {
        return LongStream.range(from, from + count)
                .parallel()
                .mapToObj(History::of)
                .filter(this::fails)
                .findAny();
    }

    long cycles() {
        return cycles.sum();
    }

    private boolean fails(History history) {
        Simulation.Verdict verdict = Simulation.run(history, mutation);
        cycles.add(verdict.cycles());
        return verdict.violated().isPresent();
    }

    /** What is violated, without whom it is about. */
    private String kind(History history) {
        String violated = Simulation.run(history, mutation).violated().orElse("");
        return violated.replaceAll("[0-9]+", "").replaceAll("(reason|fingerprint)=.*", "");
    }

    /** Leaves out what is not needed to fail, one by one, until nothing can be left out any more. */
    History shrink(History failing) {
        String kind = kind(failing);
        History shortest = failing;
        boolean shorter = true;
        while (shorter) {
            Optional<History> next =
                    shortest.shorter().filter(other -> kind(other).equals(kind)).findFirst();
            shortest = next.orElse(shortest);
            shorter = next.isPresent();
        }
        return shortest;
    }

    /** The shortest form of a failing history, as a story. */
    String tell(History failing) {
        History shortest = shrink(failing);
        Simulation.Verdict verdict = Simulation.run(shortest, mutation, true);
        return "%s%n%s%n%nviolated: %s%n(the whole history: %s)"
                .formatted(
                        shortest,
                        String.join(System.lineSeparator(), verdict.story()),
                        verdict.violated().orElse("nothing"),
                        failing);
    }
}
