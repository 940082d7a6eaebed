package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.MemberSketch;
import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Problem;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.observed.Membership;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.MemberStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Situations in which a member is not back, before and after its progress deadline. */
final class UnavailableMessages {
    private static final Instant JUST_NOW = Scene.NOW.minusSeconds(1);
    private static final Instant TOO_LONG_AGO = Scene.NOW.minus(Scene.PROGRESS_DEADLINE);
    private static final String NO_ANSWER = "leader election or sync in progress";
    private static final long GIGABYTE = 1_000_000_000L;

    private UnavailableMessages() {}

    static List<ClosedGate> all() {
        return Stream.of(unknown(), waiting(), stalledBeforeItRuns(), stalledWhileItRuns(), bootstrapping())
                .flatMap(List::stream)
                .toList();
    }

    /** A member of the wanted revision. */
    private static MemberSketch second() {
        return Scene.of(3).member(2);
    }

    private static List<ClosedGate> unknown() {
        return List.of(
                ClosedGate.of("A server does not answer", second().unknown().scene()),
                ClosedGate.of(
                        "The node of a member is lost",
                        second().crashed(Problem.NONE, "NodeLost")
                                .saying("its node node-2 stopped to report")
                                .lostFromSight()
                                .readySince(JUST_NOW)
                                .scene()),
                ClosedGate.of(
                        "A server does not answer until the progress deadline",
                        second().unknown().notReady().readySince(TOO_LONG_AGO).scene()),
                ClosedGate.of(
                        "A server closes connections without an answer",
                        second().turnedAway()
                                .notReady()
                                .readySince(TOO_LONG_AGO)
                                .scene()),
                ClosedGate.of(
                        "The same, with a limit for all clients",
                        second().turnedAway()
                                .notReady()
                                .readySince(TOO_LONG_AGO)
                                .scene()
                                .spec(spec -> spec.config(Map.of("maxCnxns", "1000")))),
                ClosedGate.of(
                        "A pod terminates until the progress deadline",
                        second().terminating()
                                .notReady()
                                .readySince(TOO_LONG_AGO)
                                .scene()));
    }

    private static List<ClosedGate> waiting() {
        return List.of(
                ClosedGate.of(
                        "A member has no pod",
                        second().withoutInstance("it has no pod").scene()),
                ClosedGate.of(
                        "A pod is not scheduled",
                        second().pending(Problem.UNSCHEDULABLE, "Unschedulable")
                                .readySince(JUST_NOW)
                                .scene()),
                ClosedGate.of(
                        "A server has ended",
                        second().crashed().readySince(JUST_NOW).scene()),
                ClosedGate.of("A pod terminates", second().terminating().scene()),
                ClosedGate.of(
                        "A server does not listen",
                        second().starting().readySince(JUST_NOW).scene()),
                ClosedGate.of(
                        "A server has no leader",
                        second().notServing(NO_ANSWER).readySince(JUST_NOW).scene()),
                ClosedGate.of(
                        "A server that the leader counts reports that it does not serve",
                        second().notServing(NO_ANSWER)
                                .readySince(JUST_NOW)
                                .scene()
                                .leaderSeesFollowersInSync(2)),
                ClosedGate.of(
                        "A server serves, and its pod is not ready",
                        second().notReady().readySince(JUST_NOW).scene()),
                ClosedGate.of(
                        "A server moves data after its progress deadline",
                        late(0).moving(480 << 20).scene()));
    }

    private static MemberSketch late(int fed) {
        return Scene.of(3)
                .member(1)
                .feeding(fed, GIGABYTE)
                .member(2)
                .notServing(NO_ANSWER)
                .readySince(TOO_LONG_AGO);
    }

    private static List<ClosedGate> stalledBeforeItRuns() {
        EnsembleStatus missing = EnsembleStatus.empty()
                .withSanityTested("earlier")
                .withMembers(List.of(new MemberStatus(2, null, "down", null, null, false, TOO_LONG_AGO.toString())));
        return List.of(
                ClosedGate.of(
                        "A member has no pod until the progress deadline",
                        second().withoutInstance(
                                        "exceeded quota: pods, requested: pods=1, used: pods=2, limited: pods=2")
                                .scene()
                                .reported(missing)),
                ClosedGate.of(
                        "No node accepts the pod",
                        second().pending(Problem.UNSCHEDULABLE, "Unschedulable")
                                .saying("0/3 nodes are available: 3 Insufficient memory")
                                .scene()),
                ClosedGate.of(
                        "An image cannot be pulled",
                        second().pending(Problem.IMAGE, "ErrImagePull")
                                .saying("registry.example.com/zookeeper:3.9.6: not found")
                                .scene()),
                ClosedGate.of(
                        "A volume is not attached",
                        second().pending(Problem.VOLUME, "FailedAttachVolume")
                                .saying("Multi-Attach error for volume pvc-2")
                                .scene()),
                ClosedGate.of(
                        "A container is not created",
                        second().pending(Problem.NONE, "CreateContainerConfigError")
                                .saying("secret \"tls\" not found")
                                .scene()),
                ClosedGate.of(
                        "A server ends repeatedly",
                        second().crashed(Problem.BACK_OFF, "CrashLoopBackOff")
                                .saying("Unrecognized VM option 'NoSuchOption'")
                                .scene()),
                ClosedGate.of(
                        "The heap is full",
                        second().crashed(Problem.HEAP_FULL, "OutOfMemory")
                                .readySince(JUST_NOW)
                                .scene()),
                ClosedGate.of(
                        "The container reached its memory limit",
                        second().crashed(Problem.MEMORY_LIMIT, "OOMKilled")
                                .readySince(JUST_NOW)
                                .scene()),
                ClosedGate.of(
                        "A server ended because of memory, and starts again",
                        second().crashed(Problem.HEAP_FULL, "OutOfMemory")
                                .runningAgain()
                                .readySince(JUST_NOW)
                                .scene()));
    }

    private static List<ClosedGate> stalledWhileItRuns() {
        return List.of(
                ClosedGate.of(
                        "A server does not listen until the progress deadline",
                        second().starting().scene()),
                ClosedGate.of(
                        "A server finds no leader until the progress deadline",
                        second().notServing(NO_ANSWER).scene()),
                ClosedGate.of(
                        "A server repeats its synchronization",
                        late(1).readySince(Scene.LONG_AGO).moving(11 * GIGABYTE).scene()),
                ClosedGate.of(
                        "A leader that does not report that it leads",
                        Scene.of(3).member(1).notServing(NO_ANSWER).scene()),
                ClosedGate.of("Servers cannot join a leader that commits nothing", nonCommitting()),
                ClosedGate.of(
                        "An outdated server does not serve, and the rollout is paused",
                        Scene.of(3)
                                .wanting("new")
                                .paused()
                                .member(2)
                                .notServing(NO_ANSWER)
                                .scene()),
                ClosedGate.of(
                        "A server serves, and its pod is not ready until the progress deadline",
                        second().notReady().readySince(TOO_LONG_AGO).scene()));
    }

    private static Scene nonCommitting() {
        return Scene.of(2)
                .committed(Membership.ofMajority(0x100000009L, Set.of(1, 2), Set.of()))
                .reported(EnsembleStatus.empty().withSanityTested("earlier"))
                .member(1)
                .zxid(0x100000009L)
                .member(2)
                .notServing(NO_ANSWER)
                .scene();
    }

    private static List<ClosedGate> bootstrapping() {
        return List.of(ClosedGate.of(
                "A bootstrap member ends repeatedly",
                Scene.of(3)
                        .unborn()
                        .memory(Memory.NOTHING.bootstrapping(3, 0))
                        .member(1)
                        .crashed(Problem.BACK_OFF, "CrashLoopBackOff")
                        .admitted(StartPermit.BOOTSTRAP)
                        .existing()
                        .scene()));
    }
}
