package dev.ensembled.reconciler.history;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The rollout of one accepted spec. Fields without a known value are null.
 *
 * @param commit the commit from which the spec was accepted; empty if the spec is not from a Git source of ensembled
 * @param generation the generation of the spec
 * @param revision the revision that members were restarted to, or had when the rollout was done; null until then
 * @param begun the time of the first cycle with this spec
 * @param done when everything was as wanted for the first time; null before, and null for ever if a later commit
 *     superseded this one
 * @param steps in the order in which they were taken
 * @param holds in the order in which they began
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordedCommit(
        String commit,
        long generation,
        String revision,
        Instant begun,
        Instant done,
        List<RecordedStep> steps,
        List<RecordedHold> holds) {

    public RecordedCommit {
        Objects.requireNonNull(commit, "commit");
        Objects.requireNonNull(begun, "begun");
        steps = List.copyOf(steps);
        holds = List.copyOf(holds);
    }

    static RecordedCommit begun(String commit, long generation, Instant now) {
        return new RecordedCommit(commit, generation, null, now, null, List.of(), List.of());
    }

    /** The gate that holds the rollout, or held it until a later commit; empty if none does. */
    public Optional<RecordedHold> openHold() {
        return holds.stream().filter(RecordedHold::open).reduce((first, last) -> last);
    }

    boolean isOf(RecordedCycle cycle) {
        return commit.equals(cycle.commit()) && generation == cycle.generation();
    }

    int entries() {
        return steps.size() + holds.size();
    }

    RecordedCommit withRevision(Optional<String> now) {
        return new RecordedCommit(commit, generation, now.orElse(revision), begun, done, steps, holds);
    }

    RecordedCommit doneAt(Instant now) {
        return done == null ? new RecordedCommit(commit, generation, revision, begun, now, steps, holds) : this;
    }

    RecordedCommit withSteps(List<RecordedStep> others) {
        return new RecordedCommit(commit, generation, revision, begun, done, others, holds);
    }

    RecordedCommit plus(RecordedStep step) {
        List<RecordedStep> more = new ArrayList<>(steps);
        more.add(step);
        return withSteps(more);
    }

    /** Begins this hold, unless the same gate already holds the rollout. */
    RecordedCommit heldBy(RecordedHold hold) {
        if (openHold().filter(hold::continues).isPresent()) {
            return this;
        }
        List<RecordedHold> more = new ArrayList<>(released(hold.since()).holds());
        more.add(hold);
        return withHolds(more);
    }

    RecordedCommit released(Instant now) {
        return openHold().isEmpty()
                ? this
                : withHolds(holds.stream().map(hold -> hold.endedAt(now)).toList());
    }

    private RecordedCommit withHolds(List<RecordedHold> others) {
        return new RecordedCommit(commit, generation, revision, begun, done, steps, others);
    }

    /** Returns this without its oldest step or hold. */
    RecordedCommit withoutOldest() {
        boolean stepIsOlder = holds.isEmpty()
                || (!steps.isEmpty()
                        && steps.get(0).startedAt().isBefore(holds.get(0).since()));
        return stepIsOlder ? withSteps(steps.subList(1, steps.size())) : withHolds(holds.subList(1, holds.size()));
    }
}
