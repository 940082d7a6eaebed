package dev.ensembled.cli.target;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensembled.kubernetes.client.ClusterCache;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Optional;

/** Changes of the annotations of resources by which people make requests. */
record ClusterRequests(KubernetesClient client) {
    private static final String FIELD_MANAGER = "ensembled-cli";

    /** Sets or removes the annotation, with the precondition that the resource is still the same one. */
    void annotate(StoredEnsemble ensemble, String request, Optional<String> value) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = patch.putObject("metadata").put("uid", ensemble.uid());
        // A null removes a field in a JSON merge patch.
        metadata.putObject("annotations").put("ensembled.dev/" + request, value.orElse(null));
        client.genericKubernetesResources(ClusterCache.RESOURCE)
                .inNamespace(ensemble.id().namespace())
                .withName(ensemble.id().name())
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(FIELD_MANAGER)
                                .build(),
                        patch.toString());
    }

    /** The name by which the API server knows the user; empty if it does not say. */
    Optional<String> user() {
        try {
            return Optional.ofNullable(client.raw(
                            "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                            "POST",
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("apiVersion", "authentication.k8s.io/v1")
                                    .put("kind", "SelfSubjectReview")))
                    .flatMap(ClusterRequests::username);
        } catch (KubernetesClientException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> username(String review) {
        try {
            return Optional.of(new com.fasterxml.jackson.databind.ObjectMapper()
                            .readTree(review)
                            .at("/status/userInfo/username")
                            .asText())
                    .filter(name -> !name.isEmpty());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
