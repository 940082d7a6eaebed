package dev.ensembled.e2e.harness;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** An admission webhook of a third party that refuses all evictions in a namespace. */
public final class EvictionWebhook implements AutoCloseable {
    private final KubernetesClient client;
    private final WebhookServer server;
    private final ValidatingWebhookConfiguration registration;

    /** @param words of the refusal */
    public EvictionWebhook(KubernetesClient client, String namespace, String words) throws Exception {
        this.client = client;
        server = new WebhookServer(request -> refusal(words));
        registration = new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName("no-evictions-" + namespace)
                .endMetadata()
                .addNewWebhook()
                .withName("evictions.example.com")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withFailurePolicy("Fail")
                .withTimeoutSeconds(2)
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
                .withResources("pods/eviction")
                .endRule()
                .endWebhook()
                .build();
        client.resource(registration).create();
    }

    private static ObjectNode refusal(String words) {
        ObjectNode response = JsonNodeFactory.instance.objectNode().put("allowed", false);
        response.putObject("status").put("message", words).put("code", 403);
        return response;
    }

    /** Stops the server while the webhook stays registered. */
    public void die() {
        server.close();
    }

    /** Removes the webhook. */
    @Override
    public void close() {
        client.resource(registration).delete();
        server.close();
    }
}
