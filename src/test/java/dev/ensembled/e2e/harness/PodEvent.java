package dev.ensembled.e2e.harness;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Optional;

/**
 * A pod as the API server reported it once.
 *
 * @param at when the report was received
 * @param evicted whether the pod leaves by the Eviction API
 * @param restarts of its containers, in place
 */
public record PodEvent(
        Instant at,
        String pod,
        String uid,
        boolean gone,
        boolean ready,
        boolean terminating,
        boolean evicted,
        int restarts,
        String address,
        String node,
        String revision) {

    static PodEvent of(Instant at, Pod pod, boolean gone) {
        return new PodEvent(
                at,
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                gone,
                has(pod, "Ready", null),
                pod.getMetadata().getDeletionTimestamp() != null,
                has(pod, "DisruptionTarget", "EvictionByEvictionAPI"),
                pod.getStatus().getContainerStatuses().stream()
                        .mapToInt(ContainerStatus::getRestartCount)
                        .sum(),
                Optional.ofNullable(pod.getStatus().getPodIP()).orElse(""),
                Optional.ofNullable(pod.getSpec().getNodeName()).orElse(""),
                pod.getMetadata().getLabels().getOrDefault("controller-revision-hash", ""));
    }

    private static boolean has(Pod pod, String condition, String reason) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals(condition)
                        && c.getStatus().equals("True")
                        && (reason == null || reason.equals(c.getReason())));
    }

    /** Whether the pod may serve. */
    boolean up() {
        return ready && !leaves();
    }

    /** Whether the pod was asked to leave, or left. */
    boolean leaves() {
        return terminating || gone;
    }
}
