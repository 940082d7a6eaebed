package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.joining;

import dev.ensembled.reconciler.observed.Instance;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Volume;
import dev.ensembled.reconciler.plan.Plan.OutdatedMember;
import dev.ensembled.reconciler.plan.RestartReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Expands volumes: the claims first; when the file systems have grown, the StatefulSet is recreated around its pods,
 * since its claim templates are immutable. No server is restarted for it, unless its storage requires that: then once,
 * and no other server before that volume has grown.
 *
 * <p>Volumes never shrink. The API server refuses a spec that asks for less than it did before and than the smallest
 * volume has, so that a growth that fails can be reverted. A volume that is larger than the spec asks for is used as it
 * is.
 */
final class VolumeGrowth {

    private VolumeGrowth() {}

    /** A volume that has not grown yet, and the instance that uses it. */
    private record Growing(Volume volume, Instance instance) {

        boolean restartDidNotHelp() {
            return volume.hasNotGrownWith(instance);
        }

        String describe() {
            String state = restartDidNotHelp()
                    ? ": its server was restarted, and the volume has not grown"
                    : ": the volume has not grown yet";
            return volume.claim() + state + (volume.failure().isBlank() ? "" : ": " + volume.failure());
        }
    }

    static Optional<Decision> expand(Situation situation) {
        return situation.observed().volumes().stream()
                .filter(volume -> volume.requestedBytes() < wanted(situation, volume)
                        || requestsMoreThanWanted(volume, wanted(situation, volume)))
                .findFirst()
                .map(volume -> new Decision.Act(
                        new Step.Expand(volume, wanted(situation, volume)), "the spec asks for a larger volume"));
    }

    /**
     * Kubernetes permits lowering a request that the storage cannot fulfil, as long as the new request still makes the
     * volume grow.
     */
    private static boolean requestsMoreThanWanted(Volume volume, long wanted) {
        return !volume.failure().isBlank() && volume.requestedBytes() > wanted && volume.capacityBytes() < wanted;
    }

    /**
     * Recreates the StatefulSet when the file systems have grown. The rollout waits for them only when no restart is
     * left: a restart may be what lets them grow, and storage that fails to grow holds no other change.
     */
    static Optional<Decision> finish(Situation situation) {
        List<Growing> growing = growing(situation);
        if (growing.isEmpty()) {
            return situation.observed().objects().stream()
                    .filter(object -> object.state() == State.LAGGING)
                    .findFirst()
                    .map(set -> new Decision.Act(
                            new Step.RecreateStatefulSet(situation.replicas(), set.label(), set.version()),
                            "every volume has grown, and " + set.label() + " still names the former size"));
        }
        return situation.plan().restarts().isEmpty() ? Optional.of(held(situation, growing)) : Optional.empty();
    }

    /** If one restart did not make a volume grow, further restarts would not either. */
    static Optional<Decision> persisting(Situation situation, OutdatedMember next) {
        List<Growing> unchanged =
                growing(situation).stream().filter(Growing::restartDidNotHelp).toList();
        return unchanged.isEmpty() || !next.reasons().equals(List.of(RestartReason.VOLUME_GROWS))
                ? Optional.empty()
                : Optional.of(held(situation, unchanged));
    }

    /** A person has to act if the platform reports a failure, or if not even a restart helped in time. */
    private static Decision held(Situation situation, List<Growing> growing) {
        String reason = growing.stream().map(Growing::describe).collect(joining("; "));
        boolean failed =
                growing.stream().anyMatch(each -> !each.volume().failure().isBlank());
        Optional<Instant> deadline = growing.stream()
                .filter(Growing::restartDidNotHelp)
                .map(each -> each.instance()
                        .created()
                        .plus(situation.desired().spec().rollout().progressDeadline()))
                .min(Instant::compareTo);
        boolean late = deadline.filter(due -> !situation.now().isBefore(due)).isPresent();
        return failed || late
                ? new Decision.Stalled(Gate.VOLUME_GROWTH, reason + ". Repair the storage; see the events of the claim")
                : new Decision.Wait(Gate.VOLUME_GROWTH, reason + "; see the events of the claim", deadline);
    }

    /** Only volumes that a server uses: the file system of a claim that is left over grows when it is used again. */
    private static List<Growing> growing(Situation situation) {
        return situation.observed().volumes().stream()
                .filter(volume -> volume.capacityBytes() > 0)
                .filter(volume -> volume.capacityBytes() < wanted(situation, volume))
                .flatMap(volume -> situation.observed().members().stream()
                        .filter(member -> member.id() == volume.member())
                        .flatMap(member -> member.instance().stream())
                        .map(instance -> new Growing(volume, instance)))
                .toList();
    }

    private static long wanted(Situation situation, Volume volume) {
        return situation.desired().spec().storage().bytes(volume.isOfLog());
    }
}
