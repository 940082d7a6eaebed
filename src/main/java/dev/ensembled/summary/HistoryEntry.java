package dev.ensembled.summary;

import dev.ensembled.reconciler.history.RecordedCommit;
import dev.ensembled.reconciler.history.RecordedHold;
import dev.ensembled.reconciler.history.RecordedStep;
import dev.ensembled.reconciler.plan.RestartReason;
import dev.ensembled.reconciler.spec.model.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of a rollout's history, for people.
 *
 * @param at when the step was begun, or the gate closed
 * @param what was done, or held the rollout
 * @param role of the member before the step; empty if it is about no member that served
 * @param took how long; empty where that says nothing
 * @param why the step was taken, or the gate was closed
 */
public record HistoryEntry(Instant at, Kind kind, String what, String role, String took, String why) {

    /** What a line is about. */
    public enum Kind {
        STEP,
        /** A gate held the rollout. */
        HELD,
        /** A gate held the rollout until a person acted. */
        STALLED
    }

    /** Returns the steps and holds of a rollout, by time. */
    public static List<HistoryEntry> of(RecordedCommit commit, Instant now) {
        return Stream.concat(
                        commit.steps().stream().map(HistoryEntry::of),
                        commit.holds().stream().map(hold -> of(hold, now)))
                .sorted(Comparator.comparing(HistoryEntry::at))
                .toList();
    }

    private static HistoryEntry of(RecordedStep step) {
        String took =
                switch (step.state()) {
                    case Running -> "running";
                    case Completed ->
                        step.instance() == null ? "" : step.took().map(Age::of).orElse("");
                    case Superseded -> "superseded";
                };
        String why = step.reasons().isEmpty()
                ? step.reason()
                : step.reasons().stream().map(RestartReason::text).collect(Collectors.joining(", "));
        return new HistoryEntry(
                step.startedAt(),
                Kind.STEP,
                SafeText.of(step.step()),
                Objects.requireNonNullElse(step.role(), ""),
                took,
                SafeText.of(why));
    }

    private static HistoryEntry of(RecordedHold hold, Instant now) {
        Instant end = Objects.requireNonNullElse(hold.until(), now);
        return new HistoryEntry(
                hold.since(),
                hold.stalled() ? Kind.STALLED : Kind.HELD,
                "held: " + hold.gate(),
                "",
                Age.of(Duration.between(hold.since(), end)),
                SafeText.of(hold.reason()));
    }
}
