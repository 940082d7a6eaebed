package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.desired.Requests;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Approval;
import dev.ensembled.reconciler.spec.model.RolloutSpec.Window;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Situations in which all members are healthy, and the next one may not be restarted yet. */
final class DisruptionMessages {
    private static final Window AT_NIGHT = new Window("0 2 * * *", Duration.ofHours(1), null);

    private DisruptionMessages() {}

    private static Scene roll() {
        return Scene.of(3).wanting("new");
    }

    static List<ClosedGate> all() {
        return List.of(
                ClosedGate.of("A server has another version after its restart", drifted()),
                ClosedGate.of("A pause", roll().paused()),
                ClosedGate.of(
                        "A pause with one outdated member",
                        onlyTheLeaderIsOutdated().paused()),
                ClosedGate.of(
                        "A pause by a request",
                        roll().requests(pausedBy("ann@example.com at 2026-03-01T11:00:00Z: audit"))),
                ClosedGate.of("No window is open", roll().spec(spec -> spec.windows(List.of(AT_NIGHT)))),
                ClosedGate.of("A follower without approval", roll().spec(spec -> spec.approval(Approval.Always))),
                ClosedGate.of(
                        "The leader without approval",
                        onlyTheLeaderIsOutdated().spec(spec -> spec.approval(Approval.Leader))),
                ClosedGate.of("The first server of another version", upgraded()),
                ClosedGate.of("Two voters", Scene.of(2).wanting("new")),
                ClosedGate.of("A budget allows no disruption", roll().budget("kafka-budget", 0, 1, 2, 3)),
                ClosedGate.of("The status of a budget is behind", roll().budgetBehind("kafka-budget", 1, 2, 3)),
                ClosedGate.of(
                        "Two budgets", roll().budget("kafka-budget", 1, 1, 2, 3).budget("team", 1, 2)));
    }

    private static Requests pausedBy(String text) {
        return new Requests(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(text), Optional.empty());
    }

    private static Scene onlyTheLeaderIsOutdated() {
        return roll().member(2).revision("new").member(3).revision("new").scene();
    }

    private static Scene upgraded() {
        Scene scene = roll().spec(spec -> spec.version("3.9.5"));
        scene.member(1).version("3.8.6");
        scene.member(3).version("3.8.6");
        return scene.member(2)
                .revision("new")
                .readySince(Scene.NOW.minusSeconds(10))
                .scene();
    }

    /** The status has the same drift of a former instance of member 3. */
    private static Scene drifted() {
        String drift = "runs version 3.9.4 instead of 3.9.5";
        EnsembleStatus before = EnsembleStatus.empty()
                .withMembers(List.of(
                        new MemberStatus(3, "kafka-2", "follower", null, "old", true, null, drift, "uid-before")));
        Scene scene = Scene.of(3).member(3).version("3.9.4").scene();
        String fingerprint =
                Situation.of(scene.desired(), scene.observed(), Scene.NOW).fingerprint();
        return scene.reported(before.withSanityTested(fingerprint));
    }
}
