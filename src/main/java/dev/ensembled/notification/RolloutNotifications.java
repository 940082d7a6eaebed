package dev.ensembled.notification;

import dev.ensembled.git.settings.DisplayText;
import dev.ensembled.progress.ClosedGate;
import dev.ensembled.progress.ProgressListener;
import dev.ensembled.progress.RolloutSummary;
import dev.ensembled.progress.Subject;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Turns the changes that matter to people who do not watch into notifications; docs/notifications.md lists them. */
public final class RolloutNotifications implements ProgressListener {
    /** The gates that a person or the clock opens while nothing is wrong. */
    private static final Set<Gate> DECISIONS = EnumSet.of(Gate.APPROVAL, Gate.PAUSED, Gate.WINDOW);

    private final Consumer<Notification> receivers;
    private final Clock clock;

    /** Notifies the receivers of a notifier. */
    public RolloutNotifications(Notifier notifier, Clock clock) {
        this(notifier::send, clock);
    }

    RolloutNotifications(Consumer<Notification> receivers, Clock clock) {
        this.receivers = receivers;
        this.clock = clock;
    }

    @Override
    public void rolloutBegan(Subject subject, boolean foundInProgress) {
        if (!foundInProgress) {
            send(subject, Severity.INFO, "rollout.began", "rollout began", Map.of());
        }
    }

    @Override
    public void rolloutDone(Subject subject, RolloutSummary summary) {
        send(
                subject,
                Severity.INFO,
                "rollout.done",
                "rollout done in " + seconds(summary.took()) + ": restarts: " + summary.restarts()
                        + ", leader changes: " + summary.leaderChanges(),
                Map.of(
                        "seconds",
                        summary.took().toSeconds(),
                        "restarts",
                        summary.restarts(),
                        "leaderChanges",
                        summary.leaderChanges()));
    }

    @Override
    public void gateClosed(Subject subject, ClosedGate gate, Optional<ClosedGate> before) {
        Map<String, Object> details =
                Map.of("gate", gate.gate().toString(), "docs", gate.gate().docs());
        if (gate.stalled()) {
            send(subject, Severity.ERROR, "rollout.stalled", "stalled: " + gate.reason(), details);
        } else if (DECISIONS.contains(gate.gate())) {
            send(subject, Severity.WARNING, "rollout.waiting", "waits: " + gate.reason(), details);
        } else {
            before.ifPresent(one -> resumed(subject, one));
        }
    }

    @Override
    public void gateOpened(Subject subject, ClosedGate gate, Duration closedFor) {
        resumed(subject, gate);
    }

    private void resumed(Subject subject, ClosedGate before) {
        if (before.stalled()) {
            send(
                    subject,
                    Severity.INFO,
                    "rollout.resumed",
                    "no longer stalled (" + before.gate() + ")",
                    Map.of("gate", before.gate().toString()));
        }
    }

    @Override
    public void degraded(Subject subject, String reason) {
        send(subject, Severity.ERROR, "ensemble.degraded", "degraded: " + reason, Map.of());
    }

    @Override
    public void healthyAgain(Subject subject, Duration degradedFor) {
        send(
                subject,
                Severity.INFO,
                "ensemble.healthy",
                "healthy again after " + seconds(degradedFor),
                Map.of("seconds", degradedFor.toSeconds()));
    }

    @Override
    public void removalWaits(Subject subject, String message) {
        send(subject, Severity.WARNING, "removal.waiting", "removal waits for a confirmation: " + message, Map.of());
    }

    @Override
    public void removed(EnsembleId ensemble) {
        send(
                new Subject(ensemble, Optional.empty()),
                Severity.INFO,
                "ensemble.removed",
                "no longer managed by ensembled",
                Map.of());
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }

    private void send(Subject subject, Severity severity, String type, String text, Map<String, Object> details) {
        receivers.accept(new Notification(
                UUID.randomUUID(),
                clock.instant(),
                severity,
                type,
                subject.ensemble(),
                subject.commit(),
                DisplayText.sentences(text),
                details));
    }
}
