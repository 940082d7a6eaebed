package dev.ensembled.kubernetes.observe;

import static java.util.stream.Collectors.joining;

import dev.ensembled.reconciler.desired.ObjectNames;
import dev.ensembled.reconciler.observed.Volume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimCondition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Converts claims to volumes of members. */
public final class Volumes {
    /** A kubelet grows a mounted file system in its next sync; a resize that takes longer than this needs a new mount. */
    private static final Duration GROWN_BY_THEN = Duration.ofMinutes(2);

    /** Resize failures of the storage back end and of the node, as Kubernetes 1.34 reports them. */
    private static final Set<String> FAILURES = Set.of("ControllerResizeError", "NodeResizeError");

    private Volumes() {}

    public static List<Volume> of(ObjectNames names, List<PersistentVolumeClaim> claims, Instant now) {
        return claims.stream()
                .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
                .flatMap(claim -> names.claim(claim.getMetadata().getName()).stream()
                        .map(place -> volume(claim, place.template(), place.member(), now)))
                .sorted(Comparator.comparing(Volume::member).thenComparing(Volume::template))
                .toList();
    }

    /** Returns the size that a claim requests, in bytes. */
    public static long requestedBytes(PersistentVolumeClaim claim) {
        return bytes(claim.getSpec().getResources().getRequests());
    }

    /** Returns the storage in a map of resources, in bytes; 0 if the map contains no storage. */
    static long bytes(Map<String, Quantity> resources) {
        Quantity storage = resources == null ? null : resources.get("storage");
        return storage == null ? 0 : Quantity.getAmountInBytes(storage).longValue();
    }

    private static Volume volume(PersistentVolumeClaim claim, String template, int member, Instant now) {
        PersistentVolumeClaimStatus status =
                Objects.requireNonNullElseGet(claim.getStatus(), PersistentVolumeClaimStatus::new);
        Optional<Instant> hadItsTime = conditions(status, Set.of("FileSystemResizePending"))
                .filter(condition -> condition.getLastTransitionTime() != null)
                .map(condition ->
                        Instant.parse(condition.getLastTransitionTime()).plus(GROWN_BY_THEN))
                .filter(now::isAfter)
                .findFirst();
        String failure = conditions(status, FAILURES)
                .map(condition -> condition.getType() + " (" + condition.getMessage() + ")")
                .collect(joining(", "));
        return new Volume(
                claim.getMetadata().getName(),
                template,
                member,
                requestedBytes(claim),
                bytes(status.getCapacity()),
                hadItsTime,
                failure);
    }

    private static Stream<PersistentVolumeClaimCondition> conditions(
            PersistentVolumeClaimStatus status, Set<String> types) {
        return status.getConditions().stream()
                .filter(condition -> types.contains(condition.getType()))
                .filter(condition -> condition.getStatus().equals("True"));
    }
}
