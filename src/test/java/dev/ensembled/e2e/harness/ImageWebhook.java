package dev.ensembled.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An admission webhook of a third party that rewrites the images of new pods, and of StatefulSets at each write, as
 * policy engines do for mirrors. It removes the registry's name; nodes resolve the result to the same image.
 */
public final class ImageWebhook implements AutoCloseable {
    private static final String REGISTRY = "docker.io/";

    private final KubernetesClient client;
    private final WebhookServer server;
    private final MutatingWebhookConfiguration registration;
    private final AtomicInteger rewrites = new AtomicInteger();

    public ImageWebhook(KubernetesClient client, String namespace) throws Exception {
        this.client = client;
        server = new WebhookServer(this::rewritten);
        registration = new MutatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName("images-" + namespace)
                .endMetadata()
                .addNewWebhook()
                .withName("images.example.com")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withFailurePolicy("Fail")
                .withTimeoutSeconds(5)
                .withNewClientConfig()
                .withUrl(server.url())
                .withCaBundle(server.caBundle())
                .endClientConfig()
                .withNewNamespaceSelector()
                .withMatchLabels(Map.of("kubernetes.io/metadata.name", namespace))
                .endNamespaceSelector()
                .addNewRule()
                .withApiGroups("")
                .withApiVersions("v1")
                .withOperations("CREATE")
                .withResources("pods")
                .endRule()
                .addNewRule()
                .withApiGroups("apps")
                .withApiVersions("v1")
                .withOperations("CREATE", "UPDATE")
                .withResources("statefulsets")
                .endRule()
                .endWebhook()
                .build();
        client.resource(registration).create();
    }

    private ObjectNode rewritten(JsonNode request) {
        String spec = request.at("/object/kind").asText().equals("Pod") ? "/spec" : "/spec/template/spec";
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        JsonNode containers = request.at("/object" + spec + "/containers");
        for (int index = 0; index < containers.size(); index++) {
            String image = containers.get(index).path("image").asText();
            if (image.startsWith(REGISTRY)) {
                rewrites.incrementAndGet();
                patch.addObject()
                        .put("op", "replace")
                        .put("path", spec + "/containers/" + index + "/image")
                        .put("value", image.substring(REGISTRY.length()));
            }
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("allowed", true)
                .put("patchType", "JSONPatch")
                .put(
                        "patch",
                        Base64.getEncoder().encodeToString(patch.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** How many images it has rewritten. */
    public int rewrites() {
        return rewrites.get();
    }

    /** Removes the webhook. */
    @Override
    public void close() {
        client.resource(registration).delete();
        server.close();
    }
}
