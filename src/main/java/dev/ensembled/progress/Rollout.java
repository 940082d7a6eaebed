package dev.ensembled.progress;

import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import java.time.Duration;
import java.time.Instant;

/** A rollout that has not ended. Used by one thread at a time. */
final class Rollout {
    private final Instant began;
    private boolean planned;
    private int restarts;
    private int leaderChanges;
    private Integer leader;

    Rollout(Instant began) {
        this.began = began;
    }

    void seen(Subject subject, EnsembleStatus status, ProgressListener listener) {
        if (!planned && status.outdated() > 0) {
            planned = true;
            listener.restartsPlanned(subject, status.outdated());
        }
        if (status.leader() != null) {
            if (leader != null && !leader.equals(status.leader())) {
                leaderChanges++;
            }
            leader = status.leader();
        }
    }

    void restarted() {
        restarts++;
    }

    /** Another spec is rolled out from now on. */
    void retarget() {
        planned = false;
    }

    RolloutSummary summary(Instant now) {
        return new RolloutSummary(Duration.between(began, now), restarts, leaderChanges);
    }
}
