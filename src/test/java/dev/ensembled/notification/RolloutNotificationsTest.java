package dev.ensembled.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensembled.progress.ClosedGate;
import dev.ensembled.progress.RolloutSummary;
import dev.ensembled.progress.Subject;
import dev.ensembled.reconciler.rollout.Gate;
import dev.ensembled.reconciler.spec.model.EnsembleId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutNotificationsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Subject KAFKA = new Subject(new EnsembleId("streaming", "kafka"), Optional.of("c0ffee"));

    private final List<Notification> sent = new ArrayList<>();
    private final RolloutNotifications notifications =
            new RolloutNotifications(sent::add, Clock.fixed(NOW, ZoneOffset.UTC));

    private static ClosedGate gate(Gate gate, boolean stalled) {
        return new ClosedGate(gate, stalled, "why", NOW);
    }

    private List<String> texts() {
        return sent.stream()
                .map(one -> one.severity() + " " + one.type() + ": " + one.text())
                .toList();
    }

    @Test
    void rolloutThatStallsIsReportedFromItsBeginningToItsEnd() {
        notifications.rolloutBegan(KAFKA, false);
        notifications.gateClosed(KAFKA, gate(Gate.MEMBER_DOWN, false), Optional.empty());
        notifications.gateClosed(KAFKA, gate(Gate.MEMBER_CRASHING, true), Optional.of(gate(Gate.MEMBER_DOWN, false)));
        notifications.gateOpened(KAFKA, gate(Gate.MEMBER_CRASHING, true), Duration.ofSeconds(9));
        notifications.rolloutDone(KAFKA, new RolloutSummary(Duration.ofSeconds(70), 3, 1));

        assertThat(texts())
                .containsExactly(
                        "info rollout.began: rollout began",
                        "error rollout.stalled: stalled: why",
                        "info rollout.resumed: no longer stalled (member-crashing)",
                        "info rollout.done: rollout done in 70 s: restarts: 3, leader changes: 1");
        assertThat(sent.get(1).details()).containsEntry("docs", "docs/stalled.md#member-crashing");
        assertThat(sent).allSatisfy(one -> assertThat(one.commit()).contains("c0ffee"));
    }

    @Test
    void gateThatServersOpenIsNoNewsAndThatOfAPersonIs() {
        notifications.gateClosed(KAFKA, gate(Gate.SETTLE, false), Optional.empty());
        notifications.gateOpened(KAFKA, gate(Gate.SETTLE, false), Duration.ofSeconds(5));
        notifications.gateClosed(KAFKA, gate(Gate.APPROVAL, false), Optional.empty());
        notifications.gateClosed(KAFKA, gate(Gate.SETTLE, false), Optional.of(gate(Gate.REFUSED, true)));

        assertThat(texts())
                .containsExactly(
                        "warning rollout.waiting: waits: why", "info rollout.resumed: no longer stalled (refused)");
    }

    @Test
    void healthAndRemovalAreReported() {
        notifications.rolloutBegan(KAFKA, true);
        notifications.degraded(KAFKA, "no leader");
        notifications.healthyAgain(KAFKA, Duration.ofSeconds(40));
        notifications.removalWaits(KAFKA, "confirm it");
        notifications.removed(KAFKA.ensemble());

        assertThat(texts())
                .containsExactly(
                        "error ensemble.degraded: degraded: no leader",
                        "info ensemble.healthy: healthy again after 40 s",
                        "warning removal.waiting: removal waits for a confirmation: confirm it",
                        "info ensemble.removed: no longer managed by ensembled");
    }

    @Test
    void receiverGetsItsEnsemblesFromItsSeverityOn() {
        notifications.rolloutBegan(KAFKA, false);
        notifications.degraded(KAFKA, "no leader");
        Notification info = sent.get(0);
        Notification error = sent.get(1);

        assertThat(wants(Severity.WARNING, List.of(), info)).isFalse();
        assertThat(wants(Severity.WARNING, List.of(), error)).isTrue();
        assertThat(wants(Severity.INFO, List.of("streaming/*"), info)).isTrue();
        assertThat(wants(Severity.INFO, List.of("search/*", "*/kafka"), info)).isTrue();
        assertThat(wants(Severity.INFO, List.of("*"), info)).isFalse();
        assertThat(wants(Severity.INFO, List.of("stream.ng/kafka"), info)).isFalse();
    }

    private static boolean wants(Severity severity, List<String> ensembles, Notification notification) {
        return new Receiver("ops", Receiver.Type.SLACK, Path.of("none"), severity, ensembles).wants(notification);
    }
}
