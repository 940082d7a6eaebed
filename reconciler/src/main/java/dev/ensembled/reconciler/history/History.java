package dev.ensembled.reconciler.history;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the rollouts of one ensemble did, for people. It is bounded: at most {@value #MAX_COMMITS} commits and
 * {@value #MAX_ENTRIES} steps and holds, and at most {@value #MAX_BYTES} bytes as JSON. The oldest commits are dropped
 * whole; only if the newest commit alone is too large, its oldest entries are dropped.
 *
 * @param commits the newest last
 */
public record History(List<RecordedCommit> commits) {
    public static final int MAX_COMMITS = 50;

    /** The most steps and holds together. */
    public static final int MAX_ENTRIES = 400;

    /** The most bytes of its text, which is JSON in UTF-8. */
    public static final int MAX_BYTES = 64 * 1024;

    public static final History EMPTY = new History(List.of());

    public History {
        commits = List.copyOf(commits);
    }

    /** The commit that is rolled out, or was rolled out last; empty if nothing is recorded. */
    public Optional<RecordedCommit> newest() {
        return commits.isEmpty() ? Optional.empty() : Optional.of(commits.get(commits.size() - 1));
    }

    /** All steps, in the order in which they were taken. */
    public Stream<RecordedStep> steps() {
        return commits.stream().flatMap(commit -> commit.steps().stream());
    }

    /**
     * Returns the history after one more cycle; this history if the cycle adds nothing.
     *
     * <ol>
     *   <li>A step that restarts a member ends as {@code Completed} with the first cycle that observes that the member
     *       serves in another instance. It ends as {@code Superseded} if the member is restarted again before, or does not
     *       exist any more, or when the rollout is done without it. The step of an earlier daemon ends in the same way.
     *   <li>Every other step has ended when it was taken. What it sets in motion, such as the start of a server, is held by
     *       gates and not by the step.
     *   <li>A sanity test is not recorded: it follows each step, and its failure is recorded as a hold.
     *   <li>A hold begins when a gate stalls, refuses or waits for people or controllers, and ends with the next step, with
     *       another such gate, when the ensemble is done, or with the next commit. A gate that waits for servers closes in
     *       every rollout: it neither begins nor ends a hold. So repeated attempts that are blocked by one gate add nothing.
     *   <li>A commit begins with the first cycle of its commit and generation. An empty history begins with a step or a
     *       hold, since it is not known how an ensemble that is already done came to be so.
     *   <li>A commit is done with the first cycle that decides so; steps that are taken later, such as the repair of an
     *       object, are recorded under it and do not change that time.
     * </ol>
     */
    public History after(RecordedCycle cycle) {
        return Recording.after(this, cycle);
    }
}
