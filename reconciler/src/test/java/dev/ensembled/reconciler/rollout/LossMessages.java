package dev.ensembled.reconciler.rollout;

import dev.ensembled.reconciler.MemberSketch;
import dev.ensembled.reconciler.Scene;
import dev.ensembled.reconciler.observed.Instance.Disk;
import dev.ensembled.reconciler.observed.Instance.StartPermit;
import dev.ensembled.reconciler.spec.model.EnsembleStatus;
import dev.ensembled.reconciler.spec.model.EnsembleStatus.Memory;
import java.util.List;

/** Situations in which members lost their data, and cannot be removed from the membership. */
final class LossMessages {
    private LossMessages() {}

    static List<ClosedGate> all() {
        return List.of(
                ClosedGate.of(
                        "One of two voters lost its data",
                        Scene.of(2)
                                .ledByNobody()
                                .reported(reportedVoters(1, 2))
                                .member(2)
                                .refusing(Disk.BLANK)
                                .scene()),
                ClosedGate.of("A majority and the status are lost", statusIsLostToo()),
                ClosedGate.of(
                        "A bootstrap member cannot read its disk", bootstrapMember(Disk.CORRUPT, "checksum mismatch")),
                ClosedGate.of("A bootstrap member has another ensemble's disk", bootstrapMember(Disk.FOREIGN, "")),
                ClosedGate.behind(
                        "loss-paused",
                        "A member lost its data, and the rollout is paused",
                        lost(3).scene().paused()),
                ClosedGate.behind(
                        "loss-blind",
                        "A member lost its data, and the node of another one is lost",
                        lost(5).member(4).unknown().terminating().scene()),
                ClosedGate.behind(
                        "loss-quorum",
                        "A member lost its data, and two others have ended",
                        lost(5).member(4).crashed().member(5).crashed().scene()));
    }

    private static MemberSketch lost(int voters) {
        return Scene.of(voters).member(2).refusing(Disk.BLANK);
    }

    private static EnsembleStatus reportedVoters(Integer... voters) {
        List<Integer> ids = List.of(voters);
        return new EnsembleStatus(
                null, null, null, "100000000", ids, List.of(), true, null, null, null, null, null, null, null);
    }

    private static Scene statusIsLostToo() {
        Scene scene = Scene.of(3).ledByNobody().reported(EnsembleStatus.empty());
        scene.member(1).refusing(Disk.BLANK);
        return scene.member(2).refusing(Disk.BLANK).scene();
    }

    private static Scene bootstrapMember(Disk disk, String message) {
        return Scene.of(1)
                .unborn()
                .memory(Memory.NOTHING.bootstrapping(1, 0))
                .member(1)
                .refusing(disk)
                .saying(message)
                .admitted(StartPermit.BOOTSTRAP)
                .existing()
                .scene();
    }
}
