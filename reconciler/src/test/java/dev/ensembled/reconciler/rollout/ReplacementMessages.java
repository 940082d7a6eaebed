package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import java.time.Instant;
import java.util.List;

/** Situations in which an outdated member does not serve, and is not replaced. */
final class ReplacementMessages {
    private static final Instant JUST_NOW = Scene.NOW.minusSeconds(1);
    private static final Instant AGREED = Scene.NOW.minus(Evidence.AGREED_FOR);
    private static final Instant TOO_LONG_AGO = Scene.NOW.minus(Scene.PROGRESS_DEADLINE);
    private static final String NO_ANSWER = "leader election or sync in progress";

    private ReplacementMessages() {}

    static List<ClosedGate> all() {
        return List.of(
                ClosedGate.behind(
                        "replacement-serves",
                        "The pod terminates, and its server may run",
                        denying(TOO_LONG_AGO).member(2).terminating().scene()),
                ClosedGate.behind(
                        "replacement-probe",
                        "The pod is ready",
                        denying(AGREED).member(2).stillReady().scene(),
                        "replacement-evidence"),
                ClosedGate.behind(
                        "replacement-evidence",
                        "The others have agreed for 14 seconds",
                        denying(AGREED.plusSeconds(1))),
                ClosedGate.behind(
                        "replacement-evidence",
                        "The leader counts the member",
                        denying(AGREED).leaderSeesFollowersInSync(2)),
                ClosedGate.behind(
                        "replacement-paused",
                        "The server has ended, and the rollout is paused",
                        Scene.of(3).wanting("new").paused().member(2).crashed().scene()),
                ClosedGate.behind("replacement-blind", "Another member cannot be read", outOfMemoryBesideAnUnknown()),
                ClosedGate.behind("replacement-quorum", "Another member is not back either", twoAreAway()),
                ClosedGate.behind(
                        "replacement-sanity-test", "A member of the wanted revision is not back", besideABadRevision()),
                ClosedGate.behind(
                        "replacement-sanity-test",
                        "The wanted revision has not passed the sanity test",
                        Scene.of(3)
                                .member(2)
                                .revision("bad")
                                .notServing(NO_ANSWER)
                                .readySince(AGREED)
                                .scene()
                                .memory(Memory.NOTHING.sanityTestedAt("first"))),
                ClosedGate.behind(
                        "replacement-sanity-test",
                        "A quorum of the wanted revision does not serve",
                        quorumOfABadRevision()));
    }

    /** An outdated member reports that it does not serve. */
    private static Scene denying(Instant since) {
        return Scene.of(3)
                .wanting("new")
                .member(2)
                .notServing(NO_ANSWER)
                .readySince(since)
                .scene();
    }

    private static Scene outOfMemoryBesideAnUnknown() {
        return Scene.of(5)
                .wanting("new")
                .member(2)
                .crashed(Problem.HEAP_FULL, "OutOfMemory")
                .readySince(JUST_NOW)
                .member(5)
                .unknown()
                .scene();
    }

    private static Scene twoAreAway() {
        return Scene.of(5)
                .wanting("new")
                .member(2)
                .notServing(NO_ANSWER)
                .readySince(JUST_NOW)
                .member(4)
                .crashed()
                .readySince(JUST_NOW)
                .scene();
    }

    private static Scene besideABadRevision() {
        return Scene.of(5)
                .wanting("bad")
                .member(4)
                .revision("bad")
                .notServing(NO_ANSWER)
                .member(5)
                .crashed(Problem.MEMORY_LIMIT, "OOMKilled")
                .readySince(JUST_NOW)
                .scene();
    }

    private static Scene quorumOfABadRevision() {
        Scene scene = Scene.of(3).wanting("bad").ledByNobody();
        scene.member(1).revision("bad").notServing(NO_ANSWER);
        scene.member(2).revision("bad").notServing(NO_ANSWER);
        return scene.member(3).notServing(NO_ANSWER).readySince(TOO_LONG_AGO).scene();
    }
}
