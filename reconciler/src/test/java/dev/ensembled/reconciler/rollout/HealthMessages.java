package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.cycle.BlockedCycle;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Server.Role;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.RolloutStatus;
import dev.ensembled.reconciler.spec.model.FailedSanityTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Situations in which the ensemble as a whole is not healthy, while every member serves. */
final class HealthMessages {
    private static final Instant TOO_LONG_AGO = Scene.NOW.minus(Scene.PROGRESS_DEADLINE);

    private HealthMessages() {}

    private static Scene roll() {
        return Scene.of(3).wanting("new");
    }

    static List<ClosedGate> all() {
        return List.of(
                ClosedGate.of(
                        "No leader", roll().member(1).serving(Role.FOLLOWER).scene()),
                ClosedGate.of(
                        "Two leaders", roll().member(2).serving(Role.LEADER).scene()),
                ClosedGate.of("A follower that the leader does not count", roll().leaderSeesFollowersInSync(1)),
                ClosedGate.of(
                        "A member with another config version",
                        roll().member(3).configVersion(0x200000000L).scene()),
                ClosedGate.of("A voter that observes", observingVoter()),
                ClosedGate.of(
                        "A voter that still observes at the progress deadline",
                        observingVoter().reported(roleSince(TOO_LONG_AGO))),
                ClosedGate.of(
                        "An observer that follows",
                        Scene.of(3, 1).member(4).serving(Role.FOLLOWER).scene()),
                ClosedGate.of("A member with a lower zxid than before", roll().remembering(2, 0x101)),
                ClosedGate.of(
                        "A member that became ready a second ago",
                        roll().member(2).readySince(Scene.NOW.minusSeconds(1)).scene()),
                ClosedGate.of(
                        "Another manager overwrites a field",
                        roll().object("Service", State.DRIFT_CONFLICT, "spec.ports")),
                ClosedGate.of("No member has an address", withoutAddresses()),
                ClosedGate.reported(
                        "A server refuses the write",
                        false,
                        BlockedCycle.sanityTestFailed(Scene.of(3).neverTested(), "writing failed: NOAUTH")),
                failing("The progress deadline has passed", failing("bad")),
                failing(
                        "A member of the former revision is restarted first",
                        failing("old").budget("team", 0, 1, 2, 3)));
    }

    private static Scene observingVoter() {
        return Scene.of(3).member(3).serving(Role.OBSERVER).scene();
    }

    private static EnsembleStatus roleSince(Instant since) {
        RolloutStatus rollout = new RolloutStatus(null, "member-role", "", since.toString(), 0);
        return new EnsembleStatus(
                null, null, null, null, null, null, true, null, rollout, null, null, null, null, null);
    }

    private static Scene withoutAddresses() {
        Scene scene = Scene.of(3).neverTested();
        for (int id = 1; id <= 3; id++) {
            scene.member(id).withoutAddress();
        }
        return scene;
    }

    /** Member 3 was restarted at a revision at which the sanity test fails. */
    private static Scene failing(String wanted) {
        Scene scene =
                Scene.of(3).wanting(wanted).member(3).revision("bad").scene().neverTested();
        return scene.memory(new Memory(null, null, null, null, "old", failed(scene)));
    }

    private static FailedSanityTest failed(Scene scene) {
        String fingerprint =
                Situation.of(scene.desired(), scene.observed(), Scene.NOW).fingerprint();
        return new FailedSanityTest(
                fingerprint, Scene.NOW.minus(Duration.ofHours(1)).toString(), 3, true);
    }

    private static ClosedGate failing(String title, Scene scene) {
        Decision decision = FailingSanityTest.decision(
                scene.desired(), scene.observed(), failed(scene), "writing failed: NOAUTH", Scene.NOW);
        return ClosedGate.decided(title, scene, decision);
    }
}
