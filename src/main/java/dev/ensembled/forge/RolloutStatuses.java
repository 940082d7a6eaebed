package dev.ensembled.forge;

import dev.ensembled.driver.ReconcileResult;
import dev.ensembled.forge.WriteQueue.Write;
import dev.ensembled.forge.api.CommitStatus;
import dev.ensembled.forge.api.CommitStatus.State;
import dev.ensembled.git.GitState;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the status of the followed commit up to date, and those of earlier commits whose ensembles are not ready yet, also
 * after a restart of the daemon. A commit whose rollout has succeeded keeps this status, whatever happens to its ensembles
 * later, unless their servers become outdated. Not thread-safe.
 */
final class RolloutStatuses {
    /** A text that changes often is not written more often. */
    private static final Duration MINIMUM_GAP = Duration.ofSeconds(10);

    private final String context;
    private final WriteQueue queue;
    private final Clock clock;
    private final Map<String, Reported> followed = new LinkedHashMap<>();

    /** The status that was put into the queue last. */
    private record Reported(CommitStatus status, Instant at) {}

    RolloutStatuses(String context, WriteQueue queue, Clock clock) {
        this.context = context;
        this.queue = queue;
        this.clock = clock;
    }

    void update(GitState git, Map<EnsembleId, ReconcileResult> results) {
        RolloutReport report = new RolloutReport(context, git, results);
        git.commit().ifPresent(commit -> followed.putIfAbsent(commit.id(), null));
        report.rollingOut().forEach(commit -> followed.putIfAbsent(commit, null));
        followed.entrySet().removeIf(each -> {
            boolean ended = updated(each, report);
            return ended && !isCurrent(each.getKey(), git);
        });
    }

    private static boolean isCurrent(String commit, GitState git) {
        return git.commit().filter(latest -> latest.id().equals(commit)).isPresent();
    }

    /** Writes the status of a commit if it has changed; returns whether it will not change any more. */
    private boolean updated(Map.Entry<String, Reported> commit, RolloutReport report) {
        Reported last = commit.getValue();
        if (last != null && isFinal(last.status())) {
            return true;
        }
        CommitStatus next = report.of(commit.getKey());
        // A failure is still the truth about a commit that was replaced by its correction
        boolean corrected =
                next.state() == State.CANCELED && (last == null || last.status().state() == State.FAILURE);
        if (!corrected && isWorthWriting(last, next)) {
            commit.setValue(write(commit.getKey(), next));
        }
        return isFinal(next);
    }

    private static boolean isFinal(CommitStatus status) {
        return status.state() == State.SUCCESS || status.state() == State.CANCELED;
    }

    private boolean isWorthWriting(Reported last, CommitStatus next) {
        if (last == null || last.status().state() != next.state()) {
            return true;
        }
        return !last.status().equals(next)
                && !clock.instant().isBefore(last.at().plus(MINIMUM_GAP));
    }

    private Reported write(String commit, CommitStatus status) {
        queue.put(new Write("rollout " + commit, status, forge -> forge.status(commit, status)));
        return new Reported(status, clock.instant());
    }
}
