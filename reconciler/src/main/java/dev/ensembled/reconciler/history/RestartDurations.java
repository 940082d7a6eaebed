package dev.ensembled.reconciler.history;

import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.rollout.Step;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a restart of a member is expected to take, from what restarts of its ensemble took before. */
public final class RestartDurations {
    private static final int MOST = 10;
    private static final int ENOUGH = 3;
    private static final String LEADER = Role.LEADER.name().toLowerCase(Locale.ROOT);

    private RestartDurations() {}

    /**
     * Returns the median of the last restarts that were completed, at most ten, from the eviction until the member served
     * again. A leader takes longer, so only restarts of leaders count for it, and only others for the others; if there are
     * fewer than three of the kind, all count.
     *
     * @param role of the member before its restart
     * @return empty if no restart was completed
     */
    public static Optional<Duration> expected(History history, Role role) {
        List<RecordedStep> completed = history.steps()
                .filter(step -> step.kind().equals(Step.Restart.KIND) && step.state() == RecordedStep.State.Completed)
                .toList();
        List<RecordedStep> alike = completed.stream()
                .filter(step -> LEADER.equals(step.role()) == (role == Role.LEADER))
                .toList();
        return median(alike.size() < ENOUGH ? completed : alike);
    }

    private static Optional<Duration> median(List<RecordedStep> steps) {
        List<Duration> last = steps.stream()
                .skip(Math.max(0, steps.size() - MOST))
                .flatMap(step -> step.took().stream())
                .sorted()
                .toList();
        if (last.isEmpty()) {
            return Optional.empty();
        }
        Duration lower = last.get((last.size() - 1) / 2);
        Duration upper = last.get(last.size() / 2);
        return Optional.of(lower.plus(upper).dividedBy(2));
    }
}
