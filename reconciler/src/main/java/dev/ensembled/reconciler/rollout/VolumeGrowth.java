package dev.ensembled.reconciler.rollout;

import static java.util.stream.Collectors.joining;

import dev.ensembled.reconciler.observed.ObjectState;
import dev.ensembled.reconciler.observed.ObjectState.State;
import dev.ensembled.reconciler.observed.Volume;
import java.util.List;
import java.util.Optional;

/**
 * Volumes that are to grow: the claims first; when the file systems are seen grown, the set is made anew around its pods, since
 * its claim templates cannot be changed. No server is restarted for it, unless its storage needs that.
 */
final class VolumeGrowth {
    private VolumeGrowth() {}

    /** Why the sizes that the spec asks for cannot be; empty if they can. */
    static Optional<String> refusal(Situation situation) {
        String shrinking = situation.observed().volumes().stream()
                .filter(volume -> volume.requestedBytes() > wanted(situation, volume))
                .map(volume -> volume.claim() + " has " + volume.requestedBytes() + " bytes, and the spec asks for "
                        + wanted(situation, volume))
                .collect(joining("; "));
        return shrinking.isEmpty()
                ? Optional.empty()
                : Optional.of("volumes cannot shrink: " + shrinking + ". Put the former size back into spec.storage");
    }

    static Optional<Decision> expand(Situation situation) {
        return situation.observed().volumes().stream()
                .filter(volume -> volume.requestedBytes() < wanted(situation, volume))
                .findFirst()
                .map(volume -> new Decision.Act(
                        new Step.Expand(volume, wanted(situation, volume)), "the spec asks for a larger volume"));
    }

    /** Waits for file systems that grow, then has the set made anew. */
    static Optional<Decision> finish(Situation situation) {
        Optional<ObjectState> lagging = situation.observed().objects().stream()
                .filter(object -> object.state() == State.LAGGING)
                .findFirst();
        if (lagging.isEmpty()) {
            return Optional.empty();
        }
        List<Volume> growing = situation.observed().volumes().stream()
                .filter(volume -> volume.capacityBytes() > 0)
                .filter(volume -> volume.capacityBytes() < wanted(situation, volume))
                .toList();
        return Optional.of(
                growing.isEmpty()
                        ? new Decision.Act(
                                new Step.Rebuild(
                                        situation.places(), lagging.get().label()),
                                "every volume has grown, and " + lagging.get().label() + " still names the former size")
                        : new Decision.Wait(
                                "volume-growth",
                                growing.stream().map(Volume::claim).collect(joining(", "))
                                        + ": the volume has not grown yet; its claim's events tell more",
                                Optional.empty()));
    }

    private static long wanted(Situation situation, Volume volume) {
        return situation.desired().spec().storage().bytes(!volume.template().equals("data"));
    }
}
