package dev.ensembled.kubernetes;

import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.Volume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Claims as volumes of members. */
final class Volumes {
    /** A kubelet grows a mounted file system in its next round; what takes longer than this needs a new mount. */
    private static final Duration GROWN_BY_THEN = Duration.ofMinutes(2);

    private Volumes() {}

    static List<Volume> of(ObjectNames names, List<PersistentVolumeClaim> claims, Instant now) {
        return claims.stream()
                .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
                .flatMap(claim -> names.claim(claim.getMetadata().getName()).stream()
                        .map(place -> volume(claim, place.template(), place.member(), now)))
                .sorted(Comparator.comparing(Volume::member).thenComparing(Volume::template))
                .toList();
    }

    /** The bytes of the storage in a map of resources; 0 if it says nothing of storage. */
    static long bytes(Map<String, Quantity> resources) {
        Quantity storage = resources == null ? null : resources.get("storage");
        return storage == null ? 0 : Quantity.getAmountInBytes(storage).longValue();
    }

    private static Volume volume(PersistentVolumeClaim claim, String template, int member, Instant now) {
        PersistentVolumeClaimStatus status =
                Objects.requireNonNullElseGet(claim.getStatus(), PersistentVolumeClaimStatus::new);
        boolean waits = status.getConditions().stream()
                .filter(condition -> condition.getType().equals("FileSystemResizePending"))
                .filter(condition -> condition.getStatus().equals("True"))
                .anyMatch(condition -> condition.getLastTransitionTime() != null
                        && now.isAfter(
                                Instant.parse(condition.getLastTransitionTime()).plus(GROWN_BY_THEN)));
        return new Volume(
                claim.getMetadata().getName(),
                template,
                member,
                bytes(claim.getSpec().getResources().getRequests()),
                bytes(status.getCapacity()),
                waits);
    }
}
