package dev.ensembled.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.reconciler.desired.Admissions;
import dev.ensembled.reconciler.desired.Aspects;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.Drift.Difference;
import dev.ensembled.reconciler.desired.FieldOwner;
import dev.ensembled.reconciler.observed.Instance;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Pods as instances of servers. */
final class Instances {
    private static final String REVISION = "controller-revision-hash";
    private static final String CREATOR = "kube-controller-manager";

    /** The one field of a running pod that decides what its server is and that can be changed in place. */
    private static final Difference IMAGE = new Difference(
            "spec.containers[zookeeper].image",
            List.of(
                    new Difference.Step("spec", Optional.empty()),
                    new Difference.Step("containers", Optional.of(PodPhase.SERVER)),
                    new Difference.Step("image", Optional.empty())));

    private Instances() {}

    static Instance of(Pod pod, PodPhase phase) {
        Instant created = Instant.parse(pod.getMetadata().getCreationTimestamp());
        Optional<PodCondition> ready = PodPhase.readiness(pod);
        Map<String, String> aspects = new TreeMap<>(Aspects.of(pod.getMetadata().getAnnotations()));
        Optional<String> edited = editedImage(pod, aspects);
        edited.ifPresent(digest -> aspects.put("image", digest));
        String revision =
                Objects.requireNonNullElse(pod.getMetadata().getLabels().get(REVISION), "");
        return new Instance(
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                pod.getMetadata().getResourceVersion(),
                edited.isPresent() ? revision + "+edited" : revision,
                aspects,
                phase.phase(),
                phase.reason(),
                phase.message(),
                ready.filter(condition -> condition.getStatus().equals("True")).isPresent(),
                ready.map(PodCondition::getLastTransitionTime)
                        .map(Instant::parse)
                        .orElse(created),
                created,
                Optional.ofNullable(pod.getSpec().getNodeName()),
                PodPhase.disk(pod),
                Admissions.of(pod.getMetadata().getAnnotations()),
                Optional.empty());
    }

    /**
     * The digest of an image that somebody put into the pod after its template was rendered. An image that differs from
     * the template because an admission webhook rewrote it at creation is no such thing: it belongs to the creator.
     */
    private static Optional<String> editedImage(Pod pod, Map<String, String> aspects) {
        Optional<String> digest = pod.getSpec().getContainers().stream()
                .filter(container -> container.getName().equals(PodPhase.SERVER))
                .map(Container::getImage)
                .map(CanonicalJson::digest)
                .findFirst();
        if (digest.isEmpty() || digest.get().equals(aspects.get("image"))) {
            return Optional.empty();
        }
        JsonNode live = CanonicalJson.tree(pod);
        return FieldOwner.of(IMAGE, live, CREATOR).isPresent() ? digest : Optional.empty();
    }
}
