package dev.ensembled.kubernetes.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensembled.kubernetes.client.RecentWrites;
import dev.ensembled.reconciler.desired.Aspects;
import dev.ensembled.reconciler.desired.CanonicalJson;
import dev.ensembled.reconciler.desired.Drift.Difference;
import dev.ensembled.reconciler.desired.FieldOwner;
import dev.ensembled.reconciler.desired.StartPermitText;
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

/** Converts pods to instances of servers. */
final class Instances {
    private static final String REVISION = "controller-revision-hash";

    /** The only field of a running pod that determines its server and can be changed in place. */
    private static final Difference IMAGE = ofServer("image");

    /** Containers keep their names for the lifetime of the pod. */
    private static final Difference NAME = ofServer("name");

    private Instances() {}

    static Instance of(Pod pod, PodPhase phase) {
        Instant created = Instant.parse(pod.getMetadata().getCreationTimestamp());
        Optional<PodCondition> ready = PodPhase.readiness(pod);
        Map<String, String> aspects = new TreeMap<>(Aspects.of(pod.getMetadata().getAnnotations()));
        Optional<String> edited = editedImage(pod, aspects);
        edited.ifPresent(digest -> aspects.put("image", digest));
        String revision =
                Objects.requireNonNullElse(pod.getMetadata().getLabels().get(REVISION), "");
        return Instance.builder(pod.getMetadata().getName(), pod.getMetadata().getUid(), created)
                .version(pod.getMetadata().getResourceVersion())
                .revision(edited.isPresent() ? revision + "+edited" : revision, aspects)
                .phase(phase.phase())
                .problem(phase.problem())
                .reason(phase.reason())
                .message(phase.message())
                .ready(
                        ready.filter(condition -> condition.getStatus().equals("True"))
                                .isPresent(),
                        ready.map(PodCondition::getLastTransitionTime)
                                .map(Instant::parse)
                                .orElse(created))
                .location(Optional.ofNullable(pod.getSpec().getNodeName()))
                .disk(PodPhase.disk(pod))
                .permit(StartPermitText.of(pod.getMetadata().getAnnotations()))
                .build();
    }

    /**
     * Returns the digest of an image that was set in the pod after its creation. An image that differs from the template
     * because admission rewrote it at creation does not count, and neither does an image of which nothing is on record: a
     * pod that is replaced without need would be replaced endlessly.
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
        boolean edited = FieldOwner.of(IMAGE, live, RecentWrites.FIELD_MANAGER).isPresent()
                && !FieldOwner.isCreators(IMAGE, NAME, live);
        return edited ? digest : Optional.empty();
    }

    private static Difference ofServer(String field) {
        return new Difference(
                "spec.containers[" + PodPhase.SERVER + "]." + field,
                List.of(
                        new Difference.Step("spec", Optional.empty()),
                        new Difference.Step("containers", Optional.of(PodPhase.SERVER)),
                        new Difference.Step(field, Optional.empty())));
    }
}
